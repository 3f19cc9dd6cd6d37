/** Server-side apply of the fault harness's API server, held against the real one. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ApiClient } from '../../../src/kubernetes/client/api-client.ts';
import { ApiStatusError } from '../../../src/kubernetes/client/api-error.ts';
import type { KubernetesObject, ResourceType } from '../../../src/kubernetes/client/object.ts';
import type { ResourceClient } from '../../../src/kubernetes/client/resource-client.ts';
import { runsFactor } from '../../environment/runs-factor.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { memoryServer } from './memory-server.ts';
import { connect } from '../widgets.ts';

interface ConfigMap extends KubernetesObject {
  readonly data?: Readonly<Record<string, string>>;
}

const type: ResourceType = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
const call = { signal: new AbortController().signal };
const namespace = 'default';
let client: ApiClient;
let runs = 0;

beforeAll(() => {
  client = connect(sharedApiServer('kubernetes').kubeconfig);
});
afterAll(() => client.close());

/** Which object a writer means: any, none that there is, the one it saw, another. */
type Meant = 'any' | 'none' | 'seen' | 'another';

type Data = Readonly<Record<string, string>>;

type Step =
  | {
      readonly verb: 'apply';
      readonly manager: string;
      readonly data: Data;
      readonly labels: Data;
      readonly force: boolean;
      readonly meant: Meant;
    }
  | { readonly verb: 'edit'; readonly data: Readonly<Record<string, string | null>> }
  | { readonly verb: 'delete'; readonly meant: Exclude<Meant, 'none'> };

const value = fc.constantFrom('1', '2');
const data = fc.dictionary(fc.constantFrom('x', 'y'), value, { maxKeys: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      verb: fc.constant('apply' as const),
      manager: fc.constantFrom('operator', 'flux'),
      data,
      labels: fc.dictionary(fc.constantFrom('l'), value, { maxKeys: 1 }),
      force: fc.boolean(),
      meant: fc.constantFrom<Meant>('any', 'any', 'none', 'seen', 'seen', 'another'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      verb: fc.constant('edit' as const),
      data: fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.option(value, { freq: 3 }), {
        minKeys: 1,
        maxKeys: 2,
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant('delete' as const),
      meant: fc.constantFrom<Exclude<Meant, 'none'>>('any', 'seen', 'another'),
    }),
  },
);

type Edit = (patch: object) => Promise<ConfigMap>;

/** One of the two servers, with one object of a name. */
class Side {
  private readonly maps: ResourceClient<ConfigMap>;
  private readonly edit: Edit;
  private readonly name: string;
  private seen: ConfigMap | undefined;
  private version = '';

  constructor(maps: ResourceClient<ConfigMap>, edit: Edit, name: string) {
    this.maps = maps;
    this.edit = edit;
    this.name = name;
  }

  async take(wanted: Step): Promise<unknown> {
    try {
      return await this.answer(wanted);
    } catch (error) {
      if (!(error instanceof ApiStatusError)) throw error;
      const { code, reason, status } = error;
      const causes = (status.details?.causes ?? [])
        .filter((cause) => cause.reason === 'FieldManagerConflict')
        .map(({ message = '' }) => message.replace(/ at [^ ]+$/, ''));
      return { code, reason, causes: causes.toSorted() };
    }
  }

  private async answer(wanted: Step): Promise<unknown> {
    const ref = { name: this.name, namespace };
    switch (wanted.verb) {
      case 'apply': {
        const { manager, force, labels } = wanted;
        const metadata = { ...ref, ...given({ labels }), ...this.identity(wanted.meant) };
        const kind = { apiVersion: 'v1', kind: 'ConfigMap' };
        const object = { ...kind, metadata, ...given({ data: wanted.data }) };
        return this.view(await this.maps.apply(object, { ...call, fieldManager: manager, force }));
      }
      case 'edit':
        return this.view(await this.edit({ data: wanted.data }));
      case 'delete': {
        const { uid } = this.identity(wanted.meant);
        await this.maps.delete(ref, { ...call, ...(uid === undefined ? {} : { uid }) });
        return 'deleted';
      }
    }
  }

  private identity(meant: Meant): { readonly uid?: string; readonly resourceVersion?: string } {
    const uid = this.seen?.metadata.uid ?? '11111111-1111-1111-1111-111111111111';
    switch (meant) {
      case 'any':
        return {};
      case 'none':
        return { resourceVersion: '1' };
      case 'seen':
        return { uid };
      case 'another':
        return { uid: uid.replace(/.$/, (last) => (last === '0' ? '1' : '0')) };
    }
  }

  private view(object: ConfigMap): unknown {
    this.seen = object;
    const { labels = {}, resourceVersion = '', managedFields = [] } = object.metadata;
    const isNew = resourceVersion !== this.version;
    this.version = resourceVersion;
    // A plain write owns the maps that it began as well, which comes to nothing but an entry.
    const managers = (managedFields as { manager: string; operation: string }[])
      .filter(({ operation }) => operation === 'Apply')
      .map(({ manager }) => manager)
      .toSorted();
    return { data: object.data ?? {}, labels, managers, isNew };
  }
}

/** Nobody applies an empty map: it would be owned as such. */
function given(maps: Readonly<Record<string, Data>>): Readonly<Record<string, Data>> {
  return Object.fromEntries(Object.entries(maps).filter(([, map]) => Object.keys(map).length > 0));
}

function onServer(name: string): Side {
  const path = `/api/v1/namespaces/${namespace}/configmaps/${name}`;
  const contentType = 'application/merge-patch+json';
  const query = { fieldManager: 'editor' };
  const edit: Edit = (body) =>
    client.request({ verb: 'patch', path, query, body, contentType }, call);
  return new Side(client.resource<ConfigMap>(type), edit, name);
}

function inMemory(name: string): Side {
  const { collection, connection } = memoryServer('configmaps');
  const edit: Edit = async (body) => {
    try {
      const key = `${namespace}/${name}`;
      const written = collection.patch(key, body, 'object', { manager: 'editor' });
      return JSON.parse(JSON.stringify(written)) as ConfigMap;
    } catch (error) {
      const { code, status } = error as { code: number; status: ApiStatusError['status'] };
      throw new ApiStatusError({ verb: 'patch', path: name, code, status });
    }
  };
  return new Side(connection.resource<ConfigMap>(type), edit, name);
}

test('applies, edits and deletes as kube-apiserver does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      runs += 1;
      const [server, memory] = [onServer(`apply-${runs}`), inMemory(`apply-${runs}`)];
      const answers = { server: [] as unknown[], memory: [] as unknown[] };
      for (const one of steps) {
        answers.server.push(await server.take(one));
        answers.memory.push(await memory.take(one));
      }
      expect(answers.memory).toEqual(answers.server);
    }),
    { numRuns: 200 * runsFactor },
  );
}, 300_000);
