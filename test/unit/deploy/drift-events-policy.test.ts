import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { driftCalls } from '../../../src/plan/hints/drift-calls.ts';
import { allAllowed, type Authorization, isAllowed } from './authorize.ts';
import { beijing, ireland, listOf, policyFor } from './iam-documents.ts';
import { narrower, stillAllowingAll } from './minimal-policy.ts';

const base = policyFor('operator-policy.json', ireland);
const reading = policyFor('operator-drift-events-policy.json', ireland);
const queue = `arn:aws:sqs:eu-west-1:${ireland.ACCOUNT_ID}:${ireland.DRIFT_EVENTS_QUEUE}`;

function ask(operation: string, resource = queue): Authorization {
  return { action: `sqs:${operation}`, resource, context: {} };
}

const needed = [ask('ReceiveMessage'), ask('DeleteMessage')];

test('the one queue may be read and emptied with the policy, and not without it', async () => {
  expect(await allAllowed([base, reading], needed)).toBe(true);
  for (const question of needed) expect(await isAllowed([base], question)).toBe(false);
});

test.each([
  ask('SendMessage'),
  ask('PurgeQueue'),
  ask('DeleteQueue'),
  ask('SetQueueAttributes'),
  ask('ChangeMessageVisibility'),
  ask('ReceiveMessage', `${queue}-2`),
  ask('DeleteMessage', queue.replace(ireland.ACCOUNT_ID, '999999999999')),
  ask('ReceiveMessage', queue.replace('eu-west-1', 'us-east-1')),
])('$action on $resource stays denied', async (question) => {
  expect(await isAllowed([base, reading], question)).toBe(false);
});

test('nothing in it is spare', async () => {
  expect(await stillAllowingAll(narrower(reading), needed)).toEqual([]);
});

test.each([ireland, beijing])(
  'the queue in $REGION takes messages of the one rule, and denies whatever comes without TLS',
  (values) => {
    const { Statement } = policyFor('drift-events-queue-policy.json', values);
    const [allow, ...others] = Statement.filter(({ Effect }) => Effect === 'Allow');
    const { PARTITION, REGION, ACCOUNT_ID, DRIFT_EVENTS_QUEUE } = values;
    expect(others).toEqual([]);
    expect(allow).toMatchObject({
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Condition: {
        ArnEquals: {
          'aws:SourceArn': `arn:${PARTITION}:events:${REGION}:${ACCOUNT_ID}:rule/${DRIFT_EVENTS_QUEUE}`,
        },
      },
    });
    const denies = Statement.filter(({ Effect }) => Effect === 'Deny');
    expect(denies.map(({ Principal, Condition }) => [Principal, Condition])).toEqual([
      [{ AWS: '*' }, { Bool: { 'aws:SecureTransport': 'false' } }],
    ]);
    // Whoever may do something with the queue does it with TLS.
    const bound = denies.flatMap(({ Action }) => listOf(Action));
    const used = [...listOf(allow?.Action), ...needed.map(({ action }) => action)];
    expect(used.filter((action) => !bound.includes(action))).toEqual([]);
    expect(new Set(Statement.map(({ Resource }) => Resource)).size).toBe(1);
  },
);

test('the rule lets the calls in that the operator reads, and fits into a rule', () => {
  const file = new URL('../../../deploy/iam/drift-events/pattern.json', import.meta.url);
  const text = readFileSync(file, 'utf8');
  const { detail } = JSON.parse(text) as { detail: { eventName: readonly string[] } };
  const names = Object.keys(driftCalls).map((call) => call.slice(4));
  expect(detail.eventName.toSorted()).toEqual(names.toSorted());
  // EventBridge allows 2048 characters.
  expect(JSON.stringify(JSON.parse(text)).length).toBeLessThan(2_048);
});
