/** Faults between a client and kube-apiserver, as data. */

export type ApiVerb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';

export interface ApiCall {
  readonly verb: ApiVerb;
  /** With its query. */
  readonly path: string;
}

/** One request that reached the proxy. */
export interface ProxiedRequest extends ApiCall {
  /** When it arrived, in milliseconds of a clock that only goes forward. */
  readonly atMs: number;
  /** How it was answered, by a fault or by the API server; undefined until then, or for good. */
  readonly code?: number;
}

/** What a fault does to a request. */
export type ApiFaultEffect =
  | {
      readonly kind: 'status';
      readonly code: number;
      readonly reason: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection breaks before the API server hears of the request. */
  | { readonly kind: 'reset' }
  /** The request takes effect; its answer is lost with the connection. */
  | { readonly kind: 'lostAnswer' }
  /** The API server gets the request twice, as from a proxy that repeats; the last answer counts. */
  | { readonly kind: 'twice' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** The answer comes in so many pieces, with pauses of `ms`. */
  | { readonly kind: 'trickle'; readonly pieces: number; readonly ms: number }
  /** The API server does not hear of the request; the client gets this for its answer. */
  | { readonly kind: 'answer'; readonly body: object }
  /** A watch that opens, and then never says anything. */
  | { readonly kind: 'mute' };

/** From a line of a watch to what comes in its place, now or later. */
export type ChangeLine = (line: string) => readonly string[] | Promise<readonly string[]>;

export interface ApiFault {
  /** @default any */
  readonly verb?: ApiVerb | readonly ApiVerb[];
  /** @default any */
  readonly path?: RegExp;
  /** Strikes at most so many requests, or events. @default no end */
  readonly times?: number;
  readonly effect:
    | ApiFaultEffect
    /** What a client sees instead of one event of a watch: whole lines, or pieces of one. */
    | { readonly kind: 'events'; readonly change: ChangeLine };
}

export interface ArmedApiFault {
  /** How many requests or events it struck. */
  hits(): number;
  remove(): void;
}

export interface FaultList {
  add(fault: ApiFault): ArmedApiFault;
  clear(): void;
  /** The faults that strike this request. Counts. */
  striking(request: ApiCall): readonly { readonly effect: ApiFaultEffect }[];
  /** What becomes of a line of a watch. Counts. */
  changed(path: string, line: string): ReturnType<ChangeLine>;
}

interface Armed {
  readonly fault: ApiFault;
  hits: number;
}

/** Creates an empty list. */
export function createFaultList(): FaultList {
  const armed = new Set<Armed>();
  const isLeft = ({ fault, hits }: Armed): boolean => hits < (fault.times ?? Infinity);
  return {
    add(fault) {
      const entry: Armed = { fault, hits: 0 };
      armed.add(entry);
      return { hits: () => entry.hits, remove: () => void armed.delete(entry) };
    },
    clear: () => armed.clear(),
    striking(request) {
      return [...armed].flatMap((entry) => {
        const { effect } = entry.fault;
        if (effect.kind === 'events' || !isLeft(entry) || !isMeant(entry.fault, request)) return [];
        entry.hits += 1;
        return [{ effect }];
      });
    },
    changed(path, line) {
      for (const entry of armed) {
        const { effect } = entry.fault;
        if (effect.kind !== 'events' || !isLeft(entry)) continue;
        if (!isMeant(entry.fault, { verb: 'watch', path })) continue;
        entry.hits += 1;
        return effect.change(line);
      }
      return [`${line}\n`];
    },
  };
}

function isMeant({ verb, path }: ApiFault, request: ApiCall): boolean {
  const verbs = verb === undefined ? [request.verb] : [verb].flat();
  return verbs.includes(request.verb) && (path ?? /^/).test(request.path);
}

/** Kubernetes' word for a request, as far as these tests need it: no kind here has one object. */
export function verbOf(method: string, path: string): ApiVerb {
  switch (method) {
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return 'delete';
    default:
      break;
  }
  if (/[?&]watch=true/.test(path)) return 'watch';
  return /\/sagemakerprivatelinks(\?|$)/.test(path) ? 'list' : 'get';
}
