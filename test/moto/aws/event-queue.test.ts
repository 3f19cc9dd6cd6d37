/** Queues of events at moto's SQS, through the SDK's own client. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createCloudDirectory,
  type LocatedCallRecord,
} from '../../../src/aws/accounts/cloud-directory.ts';
import { createEventQueue } from '../../../src/aws/drift-events/event-queue.ts';
import type { EventQueue } from '../../../src/plan/hints/event-queue.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { eventually } from '../../environment/eventually.ts';
import { type Moto, startMoto } from '../../environment/moto.ts';
import { SqsQueue } from '../../environment/sqs-queue.ts';

const region = 'us-east-1';
const { signal } = new AbortController();

let moto: Moto;
let atMoto: SqsQueue;
const calls: LocatedCallRecord[] = [];

beforeAll(async () => {
  moto = await startMoto();
  Object.assign(process.env, awsClientEnvironment(moto.url));
  atMoto = await SqsQueue.create(moto.url, 'drift-events');
});

afterAll(async () => {
  atMoto?.close();
  await moto?.stop();
});

function queueOf(url: string, mayWrite = () => true): EventQueue {
  const directory = createCloudDirectory({
    clusterId: 'cluster-1',
    mayWrite,
    onCall: (call) => calls.push(call),
  });
  const address = { url, region, name: 'drift-events' };
  return createEventQueue(address, directory.ownCalls(region));
}

test('messages are handed out in tens, and those that were removed are gone', async () => {
  const queue = queueOf(atMoto.url);
  const bodies = Array.from({ length: 13 }, (_, index) => `{"number": ${index}}`);
  for (const body of bodies) await atMoto.send(body);
  const seen = new Set<string>();
  await eventually(async () => {
    const messages = await queue.receive(signal);
    expect(messages.length).toBeLessThanOrEqual(10);
    for (const { body } of messages) seen.add(body);
    if (messages.length > 0) await queue.remove(messages, signal);
    expect(await atMoto.size()).toBe(0);
  });
  expect([...seen].toSorted()).toEqual(bodies.toSorted());
});

test('a message that is not removed comes again under its own id', async () => {
  const queue = queueOf(atMoto.url);
  await atMoto.send('again');
  const [first] = await queue.receive(signal);
  const [second] = await eventually(async () => {
    const messages = await queue.receive(signal);
    expect(messages).toHaveLength(1);
    return messages;
  });
  expect(second).toMatchObject({ id: first?.id, body: 'again' });
  await queue.remove(second === undefined ? [] : [second], signal);
});

test('a queue that is not there is an error with AWS’s code', async () => {
  const queue = queueOf(atMoto.url.replace('drift-events', 'no-such-queue'));
  await expect(queue.receive(signal)).rejects.toMatchObject({
    action: 'sqs:ReceiveMessage',
    message: expect.stringMatching(/NonExistentQueue|QueueDoesNotExist/),
  });
});

test('a process that may not act neither reads nor removes', async () => {
  await atMoto.send('for the leader');
  const queue = queueOf(atMoto.url, () => false);
  await expect(queue.receive(signal)).rejects.toMatchObject({ kind: 'Aborted', code: 'NotLeader' });
  expect(calls.at(-1)).toMatchObject({ service: 'sqs', result: 'Aborted' });
});
