import { beforeEach, expect, test } from '@jest/globals';
import { schema } from '../../../src/api/generated/sagemaker-private-link-schema.ts';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { ApiStatusError } from '../../../src/kubernetes/client/api-error.ts';
import type { EventRecord } from '../../../src/kubernetes/events/event-recorder.ts';
import { createOutdatedKind, type OutdatedKind } from '../../../src/operator/outdated-kind.ts';
import { createMetrics, type Metrics } from '../../../src/telemetry/metrics.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { createVirtualClock, type VirtualClock } from '../../time/virtual-clock.ts';

const minuteMs = 60_000;
const kindOfLinks = {
  group: 'sagemaker.privatelink.dev',
  version: 'v1alpha1',
  kind: 'SageMakerPrivateLink',
};

let clock: VirtualClock;
let end: AbortController;
let served: object | undefined;
let failure: Error | undefined;
let paths: string[];
let events: EventRecord[];
let log: Record<string, unknown>[];
let kind: OutdatedKind;
let metrics: Metrics;

beforeEach(() => {
  clock = createVirtualClock();
  end = new AbortController();
  [served, failure] = [schema, undefined];
  [paths, events, log] = [[], [], []];
  metrics = createMetrics({ processMetrics: false });
  kind = createOutdatedKind({
    client: {
      request: async <R>({ path }: { readonly path: string }) => {
        paths.push(path);
        if (failure !== undefined) throw failure;
        return published(served) as R;
      },
      stream: () => Promise.reject(new Error('nothing is watched')),
    },
    clock,
    logger: createLogger({
      destination: { write: (line) => void log.push(JSON.parse(line) as Record<string, unknown>) },
    }),
    recordEvent: (event) => events.push(event),
    missingFields: metrics.crdMissingFields,
  });
});

function published(schemaOfLinks: object | undefined): object {
  const others = { 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': { type: 'object' } };
  if (schemaOfLinks === undefined) return { components: { schemas: others } };
  const links = { ...schemaOfLinks, 'x-kubernetes-group-version-kind': [kindOfLinks] };
  const name = 'dev.privatelink.sagemaker.v1alpha1.SageMakerPrivateLink';
  return { components: { schemas: { ...others, [name]: links } } };
}

function refusal(code: number): Error {
  return new ApiStatusError({ verb: 'get', path: '/openapi/v3', code, status: {} });
}

/** A schema from before spec.verify and status.verify. */
function older(): object {
  const copy = structuredClone(schema) as unknown as {
    readonly properties: Record<string, { readonly properties: Record<string, unknown> }>;
  };
  delete copy.properties['spec']?.properties['verify'];
  delete copy.properties['status']?.properties['verify'];
  return copy;
}

async function missingFields(): Promise<number | undefined> {
  return (await metrics.crdMissingFields.get()).values[0]?.value;
}

async function passed(minutes: number): Promise<void> {
  await clock.advance(minutes * minuteMs);
}

function link(uid: string): SageMakerPrivateLink {
  return { metadata: { name: 'ml', uid } } as SageMakerPrivateLink;
}

async function follow<T>(work: () => Promise<T>): Promise<T> {
  const ended = kind.follow(end.signal);
  try {
    await passed(0);
    return await work();
  } finally {
    end.abort(new Error('over'));
    await ended;
  }
}

test('it reads the schema of its own group and version, and says nothing of one that is complete', () =>
  follow(async () => {
    kind.tell(() => link('one'));
    expect(paths).toEqual(['/openapi/v3/apis/sagemaker.privatelink.dev/v1alpha1']);
    expect([...log, ...events]).toEqual([]);
  }));

test('an older one is in the log once, and in one event of each link', () => {
  served = older();
  return follow(async () => {
    for (const uid of ['one', 'two', 'one']) kind.tell(() => link(uid));
    await passed(30);
    kind.tell(() => link('two'));
    expect(log).toEqual([
      expect.objectContaining({
        level: 'warn',
        crd: 'sagemakerprivatelinks.sagemaker.privatelink.dev',
        missing: ['spec.verify', 'status.verify'],
      }),
    ]);
    expect(events.map(({ regarding }) => regarding.uid)).toEqual(['one', 'two']);
    expect(events[0]).toMatchObject({
      type: 'Warning',
      reason: 'CRDOutdated',
      regarding: { kind: 'SageMakerPrivateLink', name: 'ml' },
      note: expect.stringMatching(
        /^The CRD .* older .*crds\/sagemakerprivatelinks\.yaml.* The CRD lacks spec\.verify, status\.verify\.$/,
      ),
    });
  });
});

test('within minutes it sees that the CRD was upgraded', () => {
  served = older();
  return follow(async () => {
    served = schema;
    await passed(6);
    kind.tell(() => link('one'));
    expect(log.map(({ message }) => message)).toEqual([
      expect.stringContaining('older than the operator'),
      'the CRD in the cluster has every field again',
    ]);
    expect(events).toEqual([]);
  });
});

test('within an hour or so it sees that the CRD was rolled back, and tells every link of it anew', () =>
  follow(async () => {
    served = older();
    await passed(61);
    kind.tell(() => link('one'));
    served = schema;
    await passed(6);
    served = older();
    await passed(61);
    kind.tell(() => link('one'));
    expect(events).toHaveLength(2);
  }));

test.each<[string, () => void]>([
  ['publishes no schemas', () => (failure = refusal(404))],
  ['refuses to show them', () => (failure = refusal(403))],
  ['has none of links', () => (served = undefined)],
])('nothing is said of an API server that %s, and it is asked again', (_title, arrange) => {
  arrange();
  return follow(async () => {
    kind.tell(() => link('one'));
    expect([...log, ...events]).toEqual([]);
    [served, failure] = [older(), undefined];
    await passed(61);
    kind.tell(() => link('one'));
    expect(events).toHaveLength(1);
  });
});

test('the metric counts what is missing, until nothing is or another process leads', async () => {
  served = older();
  await follow(async () => {
    expect(await missingFields()).toBe(2);
    served = schema;
    await passed(6);
    expect(await missingFields()).toBe(0);
    served = older();
    await passed(61);
    expect(await missingFields()).toBe(2);
  });
  expect(await missingFields()).toBe(0);
});
