/** The real AWS SDK with its network taken out: what it would send goes to the simulator. */
import { createHash } from 'node:crypto';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type {
  AwsAction,
  AwsTransport,
  InputOf,
  SendOptions,
} from '../../src/aws/client/operations.ts';
import { createSdkTransport } from '../../src/aws/client/sdk-transport.ts';
import { type Answer, answerRequest } from '../../src/simulator/requests/answer.ts';
import type { Fault } from '../../src/simulator/faults.ts';
import { AwsError } from '../../src/simulator/protocol/error.ts';
import { type QueryRequest, readRequest } from '../../src/simulator/protocol/request.ts';
import { renderError } from '../../src/simulator/protocol/xml.ts';
import type { Boundary, Crossing, Refusal } from '../boundary.ts';
import { plantedSecrets } from '../planted-secrets.ts';
import type { ProcessLife } from '../process-life.ts';
import { createTurns } from '../turns.ts';
import type { SimulatedAws } from './simulated-aws.ts';
import { withDates, withoutDates } from './wire-dates.ts';

/** The process that makes a call, and where the call goes. */
interface Route {
  readonly life: ProcessLife;
  readonly boundary: Boundary;
  readonly aws: SimulatedAws;
  /** The question of the process's own fence before it lets a change out. */
  readonly mayWrite: () => boolean;
}

/** Makes transports over one set of SDK clients: making clients is slow. */
export interface AwsWire {
  transportFor(route: Route): AwsTransport;
}

interface HttpRequest {
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
}

interface HttpReply {
  readonly statusCode: number;
  readonly body: string;
}

/** The SDK's connection answers a request: the only part that is not the SDK's own. */
type Connection = (request: QueryRequest) => HttpReply | Promise<HttpReply>;

/** One call that the operator makes through the SDK. */
interface SdkCall extends Pick<SendOptions, 'sieve'> {
  readonly action: AwsAction;
  readonly input: never;
}

/** A call of the SDK that has sent its request and waits for the answer. */
interface OpenCall {
  /** Hands over an answer, or the error of a connection that broke, for the SDK to read. */
  end(answer: HttpReply | Error): Promise<unknown>;
}

interface Written {
  readonly request: QueryRequest;
  /** Undefined: the request was known. */
  readonly open?: OpenCall;
}

/**
 * The SDK writes each request and reads each answer. Its reading of a request or of an answer
 * depends on nothing else, so what comes again is kept: thousands of runs say the same things.
 * Everybody gets on in the order of asking, so that a run is the same whatever is known already.
 */
export function createAwsWire(region: string): AwsWire {
  const sdk = createSdk(region);
  const requests = createFamiliar<QueryRequest>();
  const outcomes = createFamiliar<Outcome>();
  const inTurn = createTurns();

  async function written(call: SdkCall): Promise<Written> {
    const { action, input } = call;
    const key = digest(action, JSON.stringify(input));
    const known = requests.get(key);
    if (known !== undefined) return { request: known };
    const { request, open } = await opened(call);
    // A token that the SDK made up is another one each time.
    const { ClientToken: given } = input as { readonly ClientToken?: string };
    const isItsOwn = given === request.parameters['ClientToken'];
    if (isItsOwn && requests.isFamiliar(key)) requests.set(key, request);
    return { request, open };
  }

  /** Has the SDK send its request; the call goes on when somebody has the answer. */
  function opened(call: SdkCall): Promise<Required<Written>> {
    return new Promise((resolve, reject) => {
      const outcome = sdk.open(call, (request) => {
        return new Promise<HttpReply>((answer, fail) => {
          const end: OpenCall['end'] = (given) => {
            if (given instanceof Error) fail(given);
            else answer(given);
            return outcome;
          };
          resolve({ request, open: { end } });
        });
      });
      outcome.catch(reject);
    });
  }

  async function read(
    call: SdkCall,
    given: HttpReply,
    open: OpenCall | undefined,
  ): Promise<unknown> {
    const reply = sifted(call, given);
    if (isLong(reply)) return answered(call, reply, open);
    const body = reply.body.replace(/<(requestId|RequestI[dD])>[^<]*/g, '<$1>1');
    const { text, dates } = withoutDates(body);
    const key = digest(call.action, String(reply.statusCode), text);
    let known = outcomes.get(key);
    if (known === undefined) {
      if (!outcomes.isFamiliar(key)) return answered(call, { ...reply, body }, open);
      known = await outcomeOf(answered(call, { ...reply, body: text }, open));
      outcomes.set(key, known);
    }
    if ('error' in known) throw known.error;
    return withDates(known.output, dates);
  }

  /** Hands an answer to the call that waits for it, or to a new one, for the SDK to read. */
  async function answered(
    call: SdkCall,
    answer: HttpReply | Error,
    known: OpenCall | undefined,
  ): Promise<unknown> {
    const open = known ?? (await opened(call)).open;
    return open.end(answer);
  }

  /** Asks the fence that the operator puts into its clients; throws what it throws. */
  async function passFence(mayWrite: () => boolean, call: SdkCall): Promise<void> {
    if (mayWrite()) return;
    let isThrough = false;
    const connection: Connection = () => {
      isThrough = true;
      throw new Error('the fence let it through');
    };
    await sdk.shut(call, connection).catch((error: unknown) => {
      if (!isThrough) throw error;
    });
  }

  return {
    transportFor: (route) => ({
      async send<A extends AwsAction>(action: A, input: InputOf<A>, { sieve }: SendOptions) {
        const call: SdkCall = { action, input: input as never, sieve };
        const whileBusy = <T>(work: () => Promise<T>): Promise<T> =>
          route.boundary.whileBusy(() => inTurn(work));
        const { request, open } = await whileBusy(() => written(call));
        const admit = (): Promise<void> => inTurn(() => passFence(route.mayWrite, call));
        const answer = await send(route, request, admit);
        const ending = (): Promise<unknown> =>
          answer instanceof Error ? answered(call, answer, open) : read(call, answer, open);
        return (await whileBusy(ending)) as never;
      },
    }),
  };
}

type Outcome = { readonly output: unknown } | { readonly error: unknown };

function outcomeOf(call: Promise<unknown>): Promise<Outcome> {
  return call.then(
    (output): Outcome => ({ output }),
    (error: unknown): Outcome => ({ error }),
  );
}

/**
 * An answer without the items that the process knows. The SDK would sift it as well, and could not be
 * asked once for all runs then: a process knows what it has read before.
 */
function sifted({ sieve }: SdkCall, reply: HttpReply): HttpReply {
  if (sieve === undefined || reply.statusCode !== 200) return reply;
  const answer = sieve.begin();
  answer.add(reply.body);
  const [body = ''] = answer.documents();
  return { ...reply, body };
}

/** Long texts are not kept to be compared. */
function digest(...parts: readonly string[]): string {
  return createHash('sha1').update(parts.join('\n')).digest('base64');
}

/** Runs with thousands of resources have answers of megabytes, and no other run says the same. */
const longBody = 200_000;

function isLong({ body }: HttpReply): boolean {
  return body.length > longBody;
}

/** Values of what has come before. Most of a run of thousands of links comes once, and is not kept. */
interface Familiar<V> {
  get(key: string): V | undefined;
  /** Whether it has come before. It has from now on. */
  isFamiliar(key: string): boolean;
  /** Keeps the value of a key that has come before. */
  set(key: string, value: V): void;
}

const mostFamiliar = 20_000;

function createFamiliar<V>(): Familiar<V> {
  const values = new Map<string, V | undefined>();
  function put(key: string, value: V | undefined): void {
    if (values.size >= mostFamiliar) values.clear();
    values.set(key, value);
  }
  return {
    get: (key) => values.get(key),
    isFamiliar(key) {
      const isKnown = values.has(key);
      if (!isKnown) put(key, undefined);
      return isKnown;
    },
    set: put,
  };
}

/** Makes a call with the SDK, over a connection of its own. */
type Sdk = (call: SdkCall, connection: Connection) => Promise<unknown>;

/** The SDK as a process has it while it may change things, and while it may not. */
function createSdk(region: string): Readonly<Record<'open' | 'shut', Sdk>> {
  // By the signal, which the SDK hands on to its connection. An `AsyncLocalStorage` would know it,
  // too, and make each promise of a run dearer.
  const connections = new WeakMap<AbortSignal, Connection>();
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (
      request: HttpRequest,
      { abortSignal }: { readonly abortSignal: AbortSignal },
    ) => {
      const connection = connections.get(abortSignal);
      if (connection === undefined) throw new Error('a call to AWS that belongs to no process');
      const query = readRequest(request.path, request.headers, request.body ?? '');
      const { statusCode, body } = await connection(query);
      const headers = { 'content-type': 'text/xml;charset=UTF-8' };
      return { response: { statusCode, headers, body: Buffer.from(body) } };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  } as unknown as NodeHttpHandler;
  const credentials = async () => ({
    accessKeyId: plantedSecrets.accessKeyId,
    secretAccessKey: plantedSecrets.secretAccessKey,
    sessionToken: plantedSecrets.sessionToken,
  });
  const given = { region, credentials, requestHandler };
  const callsOf =
    (transport: AwsTransport): Sdk =>
    ({ action, input }, connection) => {
      // A signal of its own for each call: the SDK's listeners stay on it.
      const { signal } = new AbortController();
      connections.set(signal, connection);
      return transport.send(action, input, { signal });
    };
  return {
    open: callsOf(createSdkTransport(given)),
    shut: callsOf(createSdkTransport({ ...given, mayWrite: () => false })),
  };
}

const timeLimitMs = 20_000;
const staleAnswer: Fault = { action: '*', effect: { kind: 'stale' } };

/** The answer, or the error of a connection that broke. */
async function send(
  { life, boundary, aws }: Route,
  request: QueryRequest,
  admit: () => Promise<void>,
): Promise<HttpReply | Error> {
  const { protocol, action } = request;
  const isRead = /^(Describe|Get|List)/.test(action);
  const crossing: Crossing<HttpReply | Error> = {
    to: 'aws',
    name: `${protocol}:${action}`,
    isRead,
    timeLimitMs,
    admit,
    async perform(how) {
      aws.arm(how === 'stale' && aws.mayBeStale() ? staleAnswer : undefined);
      const given = reply(await answer(aws, request));
      if (!isRead) aws.noteChange();
      return given;
    },
    isRefusal: (answered) => answered instanceof Error || isRefusal(request, answered),
    refuse: (kind) => refuse(aws, request, kind),
  };
  return boundary.cross(life, crossing);
}

function answer({ engine }: SimulatedAws, request: QueryRequest): Promise<Answer> {
  return answerRequest(engine, request, new AbortController().signal);
}

function reply(given: Answer): HttpReply {
  if (given.kind !== 'reply') throw new Error(`the simulator did not answer: ${given.kind}`);
  const { httpStatus: statusCode, body } = given;
  return { statusCode, body: typeof body === 'string' ? body : Buffer.from(body).toString() };
}

/** `DeleteVpcEndpoints` answers 200 and lists the ids that it refused. */
function isRefusal(request: QueryRequest, { statusCode, body }: HttpReply): boolean {
  if (statusCode >= 400) return true;
  const { action, parameters } = request;
  if (action !== 'DeleteVpcEndpoints') return false;
  const refused = /<unsuccessful>.*<\/unsuccessful>/s.exec(body)?.[0].match(/<resourceId>/g) ?? [];
  const asked = Object.keys(parameters).filter((key) => key.startsWith('VpcEndpointId.'));
  return refused.length > 0 && refused.length === asked.length;
}

/** The SDK's connection sees a fault as the network shows it. Secrets are planted wherever AWS or Node echo text. */
async function refuse(
  aws: SimulatedAws,
  request: QueryRequest,
  kind: Refusal,
): Promise<HttpReply | Error> {
  switch (kind) {
    case 'lost':
      return Object.assign(new Error(`socket hang up: ${plantedSecrets.header}`), {
        code: 'ECONNRESET',
      });
    case 'timeout':
    case 'timeout-after':
      return Object.assign(new Error(`Request timed out: ${plantedSecrets.header}`), {
        name: 'TimeoutError',
      });
    case 'garbled':
      return { statusCode: 200, body: '<?xml version="1.0" encoding="UTF-8"?>\n<Answer><item>' };
    case 'deny':
      aws.arm({ action: '*', effect: { kind: 'deny' } });
      return reply(await answer(aws, request));
    case 'throttle': {
      const code = request.protocol === 'ec2' ? 'RequestLimitExceeded' : 'Throttling';
      return errorReply(request, new AwsError(code, 'Rate exceeded', 503));
    }
    case 'error':
    case 'error-after':
    case 'conflict': {
      const text = `An internal error has occurred (${plantedSecrets.header})`;
      return errorReply(request, new AwsError('InternalError', text, 500));
    }
    default:
      return kind satisfies never;
  }
}

function errorReply({ protocol }: QueryRequest, error: AwsError): HttpReply {
  const body = renderError(protocol, error, '00000000-0000-0000-0000-000000000000');
  return { statusCode: error.httpStatus, body };
}
