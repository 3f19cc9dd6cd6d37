import type { ServerResponse } from 'node:http';
import type { KubernetesObject } from '../../../src/kubernetes/client/object.ts';
import {
  type LoopbackServer,
  type ReceivedRequest,
  reset,
  sendJson,
  sendStatus,
  startLoopbackServer,
} from './loopback-server.ts';

export interface Widget extends KubernetesObject {
  readonly spec: { readonly value: number };
}

/** What goes wrong with one request. */
export type Fault =
  | { readonly kind: 'status'; readonly code: number; readonly reason: string }
  | { readonly kind: 'reset' }
  /** Accepts the request and never answers. */
  | { readonly kind: 'hang' }
  /** Nothing: this request is served. */
  | { readonly kind: 'none' };

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED';

interface Recorded {
  readonly version: number;
  readonly type: EventType;
  readonly object: Widget;
  readonly isUnseen: boolean;
}

/** A collection of widgets as an API server serves it: lists in pages, watches from a version. */
export interface FaultServer {
  readonly url: string;
  /** `list` and `watch` requests, and `version` for lists of one, in order. */
  readonly requests: readonly string[];
  readonly widgets: ReadonlyMap<string, Widget>;
  readonly watches: number;
  set(name: string, value: number): void;
  /** A change whose event gets lost: watches never tell of it, lists do. */
  setUnseen(name: string, value: number): void;
  delete(name: string): void;
  /** Forgets the history: older watches and continue tokens get a 410. */
  compact(): void;
  /** The next requests meet these, one each. */
  fail(...faults: readonly Fault[]): void;
  /** Every request meets this until it is undefined. */
  failAll(fault: Fault | undefined): void;
  /** Ends the watches, muted ones too: in order, by a reset, or with an ERROR event. */
  endWatches(how: 'normally' | 'reset' | 'gone' | 'garbage'): void;
  /** Watches stay open and say nothing more; what happens meanwhile is lost to them. */
  muteWatches(): void;
  /** Sends each event twice from now on. */
  stutter(): void;
  /** Sends everything that ever happened to the open watches again, out of date as it is. */
  replay(): void;
  bookmark(): void;
  /** A backup is restored: what happened since is undone, and versions are given out again. */
  goBackTo(backup: number): void;
  /** What `goBackTo` can go back to. */
  readonly version: number;
  close(): Promise<void>;
}

/** Starts the server on a free port. */
export async function startFaultServer(): Promise<FaultServer> {
  const collection = new FaultyCollection();
  const server = await startLoopbackServer((request, response) => {
    collection.answer(request, response);
  });
  collection.server = server;
  return collection;
}

class FaultyCollection implements FaultServer {
  server: LoopbackServer | undefined;
  readonly requests: string[] = [];
  readonly widgets = new Map<string, Widget>();
  readonly #history: Recorded[] = [];
  readonly #open = new Set<ServerResponse>();
  readonly #muted = new Set<ServerResponse>();
  /** The version from which each watch was asked for. */
  readonly #from = new WeakMap<ServerResponse, number>();
  #faults: Fault[] = [];
  #allFail: Fault | undefined;
  #version = 100;
  #compactedAt = 0;
  #uids = 0;
  #stutters = false;

  get url(): string {
    return this.server?.url ?? '';
  }

  get watches(): number {
    return this.#open.size;
  }

  set(name: string, value: number): void {
    this.#set(name, value, false);
  }

  setUnseen(name: string, value: number): void {
    this.#set(name, value, true);
  }

  #set(name: string, value: number, isUnseen: boolean): void {
    const known = this.widgets.get(name);
    this.#uids += known === undefined ? 1 : 0;
    const uid = known?.metadata.uid ?? `uid-${this.#uids}`;
    const metadata = { name, uid, managedFields: [{ manager: 'test' }] };
    const type = known === undefined ? 'ADDED' : 'MODIFIED';
    this.#record(type, { metadata, spec: { value } }, isUnseen);
  }

  delete(name: string): void {
    const known = this.widgets.get(name);
    if (known !== undefined) this.#record('DELETED', known);
  }

  compact(): void {
    this.#compactedAt = this.#version;
  }

  fail(...faults: readonly Fault[]): void {
    this.#faults.push(...faults);
  }

  failAll(fault: Fault | undefined): void {
    this.#allFail = fault;
    this.#faults = [];
  }

  endWatches(how: 'normally' | 'reset' | 'gone' | 'garbage'): void {
    for (const response of [...this.#open, ...this.#muted]) {
      if (how === 'gone') sendEvent(response, 'ERROR', { code: 410, reason: 'Expired' });
      if (how === 'garbage') response.write('{"type":"ADD\n');
      if (how === 'reset') reset(response);
      else response.end();
    }
    this.#open.clear();
    this.#muted.clear();
  }

  muteWatches(): void {
    for (const response of this.#open) this.#muted.add(response);
    this.#open.clear();
  }

  stutter(): void {
    this.#stutters = true;
  }

  replay(): void {
    for (const response of this.#open) {
      for (const { type, object } of this.#history) sendEvent(response, type, object);
    }
  }

  bookmark(): void {
    const metadata = { name: '', resourceVersion: String(this.#version) };
    for (const response of this.#open) sendEvent(response, 'BOOKMARK', { metadata });
  }

  get version(): number {
    return this.#version;
  }

  goBackTo(backup: number): void {
    const kept = this.#history.filter(({ version }) => version <= backup);
    this.#history.splice(0, this.#history.length, ...kept);
    this.#version = backup;
    this.widgets.clear();
    for (const [name, widget] of this.#stateAt(backup)) this.widgets.set(name, widget);
  }

  async close(): Promise<void> {
    await this.server?.close();
  }

  answer(request: ReceivedRequest, response: ServerResponse): void {
    const isWatch = request.url.searchParams.get('watch') === 'true';
    const isOfOne = request.url.searchParams.get('limit') === '1';
    this.requests.push(isWatch ? 'watch' : isOfOne ? 'version' : 'list');
    const fault = this.#allFail ?? this.#faults.shift() ?? { kind: 'none' };
    if (fault.kind !== 'none') meet(fault, response);
    else if (isWatch) this.#watch(request.url.searchParams, response);
    else this.#list(request.url.searchParams, response);
  }

  #record(type: EventType, object: Widget, isUnseen = false): void {
    this.#version += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#version) };
    const version = this.#version;
    const recorded = { version, type, isUnseen, object: { ...object, metadata } };
    this.#history.push(recorded);
    if (type === 'DELETED') this.widgets.delete(object.metadata.name);
    else this.widgets.set(object.metadata.name, recorded.object);
    if (isUnseen) return;
    for (const response of this.#open) {
      // Like kube-apiserver: a watch from a version of the future waits for it, silently.
      if (version <= (this.#from.get(response) ?? 0)) continue;
      sendEvent(response, type, recorded.object);
      if (this.#stutters) sendEvent(response, type, recorded.object);
    }
  }

  #list(query: URLSearchParams, response: ServerResponse): void {
    const limit = Number(query.get('limit') ?? 1e9);
    const [version, from] = (query.get('continue') ?? `${this.#version}:0`).split(':').map(Number);
    if (version === undefined || from === undefined || version < this.#compactedAt) {
      sendStatus(response, 410, 'Expired');
      return;
    }
    const items = [...this.#stateAt(version).values()];
    const next = from + limit < items.length ? { continue: `${version}:${from + limit}` } : {};
    const metadata = { resourceVersion: String(version), ...next };
    sendJson(response, 200, { items: items.slice(from, from + limit), metadata });
  }

  #stateAt(version: number): Map<string, Widget> {
    const state = new Map<string, Widget>();
    for (const { type, object } of this.#history.filter((each) => each.version <= version)) {
      if (type === 'DELETED') state.delete(object.metadata.name);
      else state.set(object.metadata.name, object);
    }
    return state;
  }

  #watch(query: URLSearchParams, response: ServerResponse): void {
    const from = Number(query.get('resourceVersion'));
    if (from < this.#compactedAt) {
      sendStatus(response, 410, 'Expired');
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    for (const { version, type, object, isUnseen } of this.#history) {
      if (version > from && !isUnseen) sendEvent(response, type, object);
    }
    this.#open.add(response);
    this.#from.set(response, from);
    response.once('close', () => {
      this.#open.delete(response);
      this.#muted.delete(response);
    });
  }
}

function meet(fault: Exclude<Fault, { kind: 'none' }>, response: ServerResponse): void {
  switch (fault.kind) {
    case 'status':
      sendStatus(response, fault.code, fault.reason);
      return;
    case 'reset':
      reset(response);
      return;
    case 'hang':
      return;
    default:
      fault satisfies never;
  }
}

/** In two pieces, as TCP may deliver it. */
function sendEvent(response: ServerResponse, type: string, object: unknown): void {
  const line = JSON.stringify({ type, object });
  response.write(line.slice(0, 20));
  response.write(`${line.slice(20)}\n`);
}
