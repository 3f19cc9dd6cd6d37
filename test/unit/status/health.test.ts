import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { argoHealthOf, runHealthScript } from '../../status/argo-health.ts';
import { fluxViolations, type Moment } from '../../status/flux-conformance.ts';
import { kstatusOf } from '../../status/kstatus.ts';
import { conditionOf, type Condition, type StatusObject } from '../../status/status-object.ts';

const folder = new URL('../../../deploy/argocd/', import.meta.url);

interface HealthTest {
  readonly inputPath: string;
  readonly healthStatus: {
    readonly status: string;
    readonly message?: string;
    readonly deletionMessage?: string;
  };
}

function read(path: string): unknown {
  return parse(readFileSync(new URL(path, folder), 'utf8'));
}

const healthTests = (read('health_test.yaml') as { tests: readonly HealthTest[] }).tests;

test.each(healthTests.map((entry) => [entry.inputPath, entry] as const))(
  'Argo CD reads %s as its test data says',
  (path, entry) => {
    const { status, message, deletionMessage } = runHealthScript(read(path) as StatusObject);
    const { healthStatus } = entry;
    expect({ status, deletionMessage }).toEqual({
      status: healthStatus.status,
      deletionMessage: healthStatus.deletionMessage,
    });
    if (healthStatus.message !== undefined) expect(message).toBe(healthStatus.message);
  },
);

test('every file of the test data is in the list of tests', () => {
  const files = readdirSync(new URL('testdata/', folder)).map((name) => `testdata/${name}`);
  expect(healthTests.map((entry) => entry.inputPath).toSorted()).toEqual(files.toSorted());
});

test('the ConfigMap carries the very script that is tested', () => {
  const configMap = read('argocd-cm.yaml') as { data: Record<string, string> };
  expect(configMap.data).toEqual({
    'resource.customizations.health.sagemaker.privatelink.dev_SageMakerPrivateLink': readFileSync(
      new URL('health.lua', folder),
      'utf8',
    ),
  });
});

const generation = 3;

interface Situation {
  readonly observed: number;
  readonly reconciling?: string;
  readonly stalled?: string;
  readonly ready?: readonly [status: string, reason: string];
  readonly deleting?: true;
  readonly moment?: Moment;
  readonly kstatus: string;
  readonly argo: string;
}

/** Each state that a link can be seen in, and what the two families of tools make of it. */
const situations: Readonly<Record<string, Situation>> = {
  'just created': { observed: -1, kstatus: 'InProgress', argo: 'Progressing' },
  'working on a new generation': {
    observed: generation - 1,
    reconciling: 'Progressing',
    ready: ['Unknown', 'Progressing'],
    moment: 'middle',
    kstatus: 'InProgress',
    argo: 'Progressing',
  },
  'waiting for AWS': {
    observed: generation - 1,
    reconciling: 'EndpointPending',
    ready: ['False', 'EndpointPending'],
    kstatus: 'InProgress',
    argo: 'Progressing',
  },
  'an error that is tried again': {
    observed: generation - 1,
    reconciling: 'ProgressingWithRetry',
    ready: ['False', 'Throttled'],
    kstatus: 'InProgress',
    argo: 'Progressing',
  },
  'an error that needs a human': {
    observed: generation,
    stalled: 'InvalidSpec',
    ready: ['False', 'InvalidSpec'],
    kstatus: 'Failed',
    argo: 'Degraded',
  },
  done: {
    observed: generation,
    ready: ['True', 'Succeeded'],
    kstatus: 'Current',
    argo: 'Healthy',
  },
  'a repair in progress': {
    observed: generation,
    reconciling: 'DriftDetected',
    ready: ['Unknown', 'DriftDetected'],
    moment: 'middle',
    kstatus: 'InProgress',
    argo: 'Progressing',
  },
  'a repair that waits': {
    observed: generation,
    reconciling: 'DriftDetected',
    ready: ['False', 'DriftDetected'],
    kstatus: 'InProgress',
    argo: 'Progressing',
  },
  deleting: {
    observed: generation,
    reconciling: 'Deleting',
    ready: ['False', 'Deleting'],
    deleting: true,
    kstatus: 'Terminating',
    argo: 'Progressing',
  },
  'a deletion that is blocked': {
    observed: generation - 1,
    stalled: 'SecurityGroupInUse',
    ready: ['False', 'SecurityGroupInUse'],
    deleting: true,
    kstatus: 'Terminating',
    argo: 'Degraded',
  },
};

function condition(type: string, status: string, reason: string): Condition {
  return { type, status, reason, message: 'What to do next', observedGeneration: generation };
}

function objectIn(situation: Situation): StatusObject {
  const { observed, reconciling, stalled, ready, deleting } = situation;
  const conditions = [
    ...(reconciling === undefined ? [] : [condition('Reconciling', 'True', reconciling)]),
    ...(stalled === undefined ? [] : [condition('Stalled', 'True', stalled)]),
    ...(ready === undefined ? [] : [condition('Ready', ...ready)]),
  ];
  return {
    metadata: {
      generation,
      ...(deleting
        ? {
            deletionTimestamp: '2026-11-23T10:00:00Z',
            finalizers: ['sagemaker.privatelink.dev/finalizer'],
          }
        : {}),
    },
    spec: {},
    status: { observedGeneration: observed, ...(ready ? { conditions } : {}) },
  };
}

test.each(Object.entries(situations))('%s is understood by kstatus and Argo CD', (_, situation) => {
  const object = objectIn(situation);
  expect(kstatusOf(object)).toBe(situation.kstatus);
  expect(argoHealthOf(object).status).toBe(situation.argo);
  expect(argoHealthOf(object, '3.5').status).toBe(
    situation.deleting ? 'Progressing' : situation.argo,
  );
});

const written = Object.entries(situations).filter(([, situation]) => situation.ready);

test.each(written)('%s keeps the rules of Flux', (_, situation) => {
  expect(fluxViolations(objectIn(situation), situation.moment)).toEqual([]);
});

const anyStatus = fc.constantFrom('True', 'False', 'Unknown');

function anyCondition(type: string): fc.Arbitrary<Condition | undefined> {
  const text = fc.constantFrom('A', 'B');
  return fc.option(
    fc.record({
      type: fc.constant(type),
      status: anyStatus,
      reason: text,
      message: text,
      observedGeneration: fc.constantFrom(0, 1, 2, 3),
    }),
    { nil: undefined },
  );
}

const anyObject: fc.Arbitrary<StatusObject> = fc
  .record({
    generation: fc.constantFrom(1, 2, 3),
    observed: fc.constantFrom(-1, 1, 2, 3),
    conditions: fc.tuple(
      anyCondition('Reconciling'),
      anyCondition('Stalled'),
      anyCondition('Ready'),
    ),
  })
  .map(({ generation: current, observed, conditions }) => ({
    metadata: { generation: current },
    spec: {},
    status: {
      observedGeneration: observed,
      conditions: conditions.filter((entry) => entry !== undefined),
    },
  }));

const sameMeaning: Readonly<Record<string, string>> = {
  Current: 'Healthy',
  InProgress: 'Progressing',
  Failed: 'Degraded',
};

test('whatever status conforms to Flux means the same to kstatus and to Argo CD', () => {
  let conforming = 0;
  fc.assert(
    fc.property(anyObject, (object) => {
      fc.pre(fluxViolations(object).length === 0);
      conforming += 1;
      expect(argoHealthOf(object).status).toBe(sameMeaning[kstatusOf(object)]);
    }),
    { numRuns: 300, maxSkipsPerRun: 1000, seed: 1 },
  );
  expect(conforming).toBeGreaterThanOrEqual(300);
});

test('no status that conforms to Flux is taken for done before its generation was handled', () => {
  fc.assert(
    fc.property(anyObject, (object) => {
      fc.pre(fluxViolations(object).length === 0 && kstatusOf(object) === 'Current');
      expect(object.status?.observedGeneration).toBe(object.metadata?.generation);
      expect(conditionOf(object, 'Ready')?.status).toBe('True');
    }),
    { numRuns: 50, maxSkipsPerRun: 5000, seed: 1 },
  );
});
