/** What must hold for every status that is written. */
import { deepStrictEqual, equal, match, ok } from 'node:assert/strict';
import type {
  Condition,
  SageMakerPrivateLinkStatus,
} from '../../src/api/sagemaker-private-link.ts';
import type { ReportInput } from '../../src/plan/report/report-input.ts';
import { fluxViolations } from '../status/flux-conformance.ts';
import { kstatusOf } from '../status/kstatus.ts';
import { statusViolations } from '../status/status-schema.ts';
import { enforcementShortcomings } from './access-goal.ts';
import type { AwsWorld } from './aws-world.ts';
import { lies } from './condition-truth.ts';
import { shortcomings } from './goal.ts';

export interface StatusInput extends ReportInput {
  readonly world: AwsWorld;
  readonly status: SageMakerPrivateLinkStatus;
  /** False where the pass could not know how things stand: reads lag, or a call failed. */
  readonly isCertain: boolean;
}

/** @throws AssertionError when a rule is broken */
export function checkStatus(input: StatusInput): void {
  const { status, generation, deleting } = input;
  const deletion = deleting ? { deletionTimestamp: '2026-11-01T00:00:00Z' } : {};
  const object = { metadata: { generation, ...deletion }, status };
  deepStrictEqual(statusViolations(status), []);
  deepStrictEqual(fluxViolations(object), []);
  const expected = deleting ? 'Terminating' : expectedKstatus(status);
  equal(kstatusOf(object), expected);
  checkForm(status, generation);
  checkTimes(input);
  checkGenerations(input);
  checkTruth(input);
  checkDrift(input);
}

function find(status: SageMakerPrivateLinkStatus, type: string): Condition | undefined {
  return status.conditions?.find((one) => one.type === type);
}

function expectedKstatus(status: SageMakerPrivateLinkStatus): string {
  if (find(status, 'Ready')?.status === 'True') return 'Current';
  return find(status, 'Stalled') === undefined ? 'InProgress' : 'Failed';
}

function checkForm({ conditions = [] }: SageMakerPrivateLinkStatus, generation: number): void {
  equal(new Set(conditions.map(({ type }) => type)).size, conditions.length);
  for (const { reason, message, observedGeneration, status, type } of conditions) {
    match(reason, /^[A-Z][A-Za-z]+$/);
    ok(message.length > 0 && message.length <= 2000 && !message.includes('undefined'), message);
    equal(observedGeneration, generation);
    if (type === 'Reconciling' || type === 'Stalled') equal(status, 'True');
  }
  const ready = find({ conditions }, 'Ready');
  const abnormal = find({ conditions }, 'Reconciling') ?? find({ conditions }, 'Stalled');
  equal(ready?.status === 'True', abnormal === undefined);
}

function checkTimes({ status, former, now }: StatusInput): void {
  for (const { type, status: value, lastTransitionTime } of status.conditions ?? []) {
    const before = find(former, type);
    equal(lastTransitionTime, before?.status === value ? before.lastTransitionTime : now, type);
  }
}

function checkGenerations({ status, former, generation }: StatusInput): void {
  const handled = find(status, 'Ready')?.status === 'True' || find(status, 'Stalled') !== undefined;
  equal(status.observedGeneration, handled ? generation : (former.observedGeneration ?? -1));
  ok((status.observedGeneration ?? 0) >= (former.observedGeneration ?? -1));
}

/** Ready only when the world is as the spec says; Available only when clients can connect. */
function checkTruth({
  status,
  world,
  owner,
  spec,
  generation,
  deleting,
  isCertain,
  remembered,
}: StatusInput): void {
  if (deleting) equal(find(status, 'Ready')?.status, 'False');
  if (isCertain && find(status, 'Ready')?.status === 'True') {
    deepStrictEqual(shortcomings(world, owner, spec), []);
  }
  if (isCertain && find(status, 'NotebookAccessEnforced')?.status === 'True') {
    deepStrictEqual(enforcementShortcomings(world, owner, spec), []);
  }
  if (isCertain) {
    const knownIds = Object.values(remembered.endpointIds);
    deepStrictEqual(
      lies({ world, owner, spec, status, generation, deleting, knownIds, isStill: true }),
      [],
    );
  }
}

function checkDrift({ status, former, now }: StatusInput): void {
  for (const { resource, field, since } of status.drift ?? []) {
    const before = former.drift?.find((one) => one.resource === resource && one.field === field);
    equal(since, before?.since ?? now);
  }
}
