/**
 * The API server of the fault harness answers as a real one: the same requests to both, answers and
 * watch events compared. What the harness shows of the operator is worth as much as this holds.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import { ApiStatusError } from '../../../src/kubernetes/client/api-error.ts';
import type { ObjectMeta } from '../../../src/kubernetes/client/object.ts';
import type { ResourceClient } from '../../../src/kubernetes/client/resource-client.ts';
import { runsFactor } from '../../environment/runs-factor.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { memoryServer } from './memory-server.ts';
import { connect, installWidgets, newWidget, type Widget } from '../widgets.ts';

const shared = sharedApiServer('kubernetes');
const plural = 'doodads';
const call = { signal: new AbortController().signal };
let client: ApiClient;
let real: ResourceClient<Widget>;
let runs = 0;

beforeAll(async () => {
  client = connect(shared.kubeconfig);
  real = await installWidgets(client, plural, call.signal);
});
afterAll(() => client.close());

/** Which state of the object a writer has seen: the last one, one before it, none, another object's. */
type Seen = 'last' | 'first' | 'nothing' | 'another';
type Part = 'object' | 'status';

type Step =
  | { readonly verb: 'create' | 'get' | 'delete'; readonly name: string }
  | {
      readonly verb: 'replace' | 'patch';
      readonly name: string;
      readonly part: Part;
      readonly seen: Seen;
      readonly value: number;
      readonly finalizers: readonly string[];
      readonly note: string | null;
    };

const name = fc.constantFrom('a', 'b');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ verb: fc.constantFrom('create', 'delete'), name }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('get'), name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      verb: fc.constantFrom('replace', 'patch'),
      name,
      part: fc.constantFrom('object', 'status'),
      seen: fc.constantFrom('last', 'last', 'last', 'first', 'nothing', 'another'),
      value: fc.integer({ min: 1, max: 3 }),
      finalizers: fc.constantFrom([], ['test/one'], ['test/one', 'test/two']),
      note: fc.constantFrom(null, 'x', 'y'),
    }),
  },
) as fc.Arbitrary<Step>;

/** Made when all steps are taken: what a watch tells ends with it. */
const lastName = 'last';

/** One of the two servers, and what its user has seen of it. */
class Side {
  private readonly widgets: ResourceClient<Widget>;
  private readonly remove: (name: string) => Promise<void>;
  private readonly prefix: string;
  private readonly seen = new Map<string, Widget[]>();
  private readonly version = new Map<string, string>();

  constructor(
    widgets: ResourceClient<Widget>,
    remove: (name: string) => Promise<void>,
    prefix: string,
  ) {
    this.widgets = widgets;
    this.remove = remove;
    this.prefix = prefix;
  }

  /** What the step came to, without what differs from server to server. */
  async take(wanted: Step): Promise<unknown> {
    try {
      const object = await this.answer(wanted);
      return object === undefined ? 'done' : this.note(object);
    } catch (error) {
      if (!(error instanceof ApiStatusError)) throw error;
      return { code: error.code, reason: error.reason };
    }
  }

  async list(): Promise<readonly unknown[]> {
    const { items } = await this.widgets.list(call);
    return items.filter((item) => this.isOurs(item)).map((item) => this.view(item));
  }

  async begin(): Promise<string> {
    return (await this.widgets.list(call)).resourceVersion;
  }

  /** What a watch tells of this run from a version on, up to the object of the last step. */
  async events(resourceVersion: string): Promise<readonly unknown[]> {
    const events: unknown[] = [];
    const controller = new AbortController();
    const watch = { signal: controller.signal, resourceVersion, timeoutSeconds: 60 };
    for await (const event of await this.widgets.watch(watch)) {
      if (event.type === 'BOOKMARK' || !this.isOurs(event.object)) continue;
      const view = this.view(event.object);
      events.push([event.type, view]);
      if (view.name === lastName) break;
    }
    controller.abort();
    return events;
  }

  private isOurs({ metadata }: Widget): boolean {
    return metadata.name.startsWith(`${this.prefix}-`);
  }

  private async answer(wanted: Step): Promise<Widget | undefined> {
    const full = `${this.prefix}-${wanted.name}`;
    switch (wanted.verb) {
      case 'create':
        // Nobody creates a status: the server leaves it out.
        return this.widgets.create({ ...newWidget(plural, full, 1), status: { seen: 9 } }, call);
      case 'get':
        return this.widgets.get({ name: full }, call);
      case 'delete':
        await this.remove(full);
        return undefined;
      case 'replace': {
        const metadata = { ...this.metadata(full, wanted), name: full };
        const object = { ...newWidget(plural, full, wanted.value), ...content(wanted), metadata };
        return wanted.part === 'status'
          ? this.widgets.replaceStatus(object, call)
          : this.widgets.replace(object, call);
      }
      case 'patch': {
        const metadata = this.metadata(full, wanted);
        const patch = { spec: { value: wanted.value }, ...content(wanted), metadata };
        return wanted.part === 'status'
          ? this.widgets.patchStatus({ name: full }, patch, call)
          : this.widgets.patch({ name: full }, patch, call);
      }
      default:
        return wanted satisfies never;
    }
  }

  /** What a writer sends along: what it has seen, and in a write of the object what it changes. */
  private metadata(full: string, wanted: Write): Partial<ObjectMeta> {
    const { part, seen, finalizers, note } = wanted;
    const states = this.seen.get(full) ?? [];
    const {
      uid = '',
      resourceVersion = '',
      ...rest
    }: Partial<ObjectMeta> = (seen === 'first' ? states[0] : states.at(-1))?.metadata ?? {};
    const annotations = note === null ? {} : { note };
    const content = part === 'status' ? rest : { finalizers, annotations };
    if (seen === 'nothing' || uid === '') return content;
    return { ...content, uid: seen === 'another' ? uid.replace(/.$/, 'z') : uid, resourceVersion };
  }

  private note(object: Widget): unknown {
    const { name: full, resourceVersion = '' } = object.metadata;
    this.seen.set(full, [...(this.seen.get(full) ?? []), object]);
    const isNew = this.version.get(full) !== resourceVersion;
    this.version.set(full, resourceVersion);
    return { ...this.view(object), isNew };
  }

  private view({ metadata, spec, status }: Widget) {
    const { generation, finalizers = [], annotations = {}, deletionTimestamp } = metadata;
    const isGoing = deletionTimestamp !== undefined;
    const shortName = metadata.name.slice(this.prefix.length + 1);
    return { name: shortName, generation, finalizers, annotations, isGoing, spec, status };
  }
}

type Write = Extract<Step, { readonly part: Part }>;

/** The status is sent with every write, and does not count in one of the object. */
function content({ value, part }: Write): Pick<Required<Widget>, 'status'> {
  return { status: { seen: value, words: [part] } };
}

/** The harness's server as one of its processes reaches it, without a fault. */
function inMemory(prefix: string): Side {
  const { collection, connection } = memoryServer(plural);
  const remove = async (full: string): Promise<void> => {
    try {
      collection.delete(full);
    } catch (error) {
      const { code, status } = error as { code: number; status: ApiStatusError['status'] };
      throw new ApiStatusError({ verb: 'delete', path: full, code, status });
    }
  };
  return new Side(connection.resource<Widget>(real.type), remove, prefix);
}

test('answers and tells of changes as kube-apiserver does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 16 }), async (steps) => {
      runs += 1;
      const prefix = `run${runs}`;
      const server = new Side(real, (full) => real.delete({ name: full }, call), prefix);
      const memory = inMemory(prefix);
      const begun = [await server.begin(), await memory.begin()] as const;
      const answers = { server: [] as unknown[], memory: [] as unknown[] };
      for (const one of steps) {
        answers.server.push(await server.take(one));
        answers.memory.push(await memory.take(one));
      }
      expect(answers.memory).toEqual(answers.server);
      expect(await memory.list()).toEqual(await server.list());
      const last = { verb: 'create', name: lastName } as const;
      await Promise.all([server.take(last), memory.take(last)]);
      expect(await memory.events(begun[1])).toEqual(await server.events(begun[0]));
    }),
    { numRuns: 100 * runsFactor },
  );
}, 300_000);
