import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import { CloudError } from '../../../../src/plan/cloud.ts';
import type { EventMessage, EventQueue } from '../../../../src/plan/hints/event-queue.ts';
import { createLinkIndex } from '../../../../src/reconcile/hints/link-index.ts';
import { readHints } from '../../../../src/reconcile/hints/read-hints.ts';
import type { Logger } from '../../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../../src/telemetry/metrics.ts';
import { createVirtualClock } from '../../../time/virtual-clock.ts';
import { anEndpoint, driftEvent, type EventParts } from '../../plan/hints/drift-event.ts';

const unavailable = new CloudError({
  kind: 'Denied',
  action: 'sqs:ReceiveMessage',
  code: 'AccessDenied',
  message: 'sqs:ReceiveMessage is denied',
});

/** A queue in memory that hands out what was not removed again and again, as SQS does. */
class QueueInMemory implements EventQueue {
  readonly region = 'eu-west-1';
  readonly name = 'drift-events';
  readonly waiting: EventMessage[] = [];
  receiveError: Error | undefined;
  removeError: Error | undefined;
  reads = 0;
  private readonly clock: { sleep(ms: number, signal: AbortSignal): Promise<void> };

  constructor(clock: QueueInMemory['clock']) {
    this.clock = clock;
  }

  put(body: string): void {
    this.waiting.push({ id: `m-${this.waiting.length}`, receipt: 'r', body });
  }

  async receive(signal: AbortSignal): Promise<readonly EventMessage[]> {
    this.reads += 1;
    if (this.receiveError !== undefined) throw this.receiveError;
    if (this.waiting.length === 0) await this.clock.sleep(20_000, signal);
    else await this.clock.sleep(30_000, signal);
    return this.waiting.slice(0, 10);
  }

  async remove(messages: readonly EventMessage[]): Promise<void> {
    if (this.removeError !== undefined) throw this.removeError;
    const ids = new Set(messages.map(({ id }) => id));
    this.waiting.splice(0, this.waiting.length, ...this.waiting.filter(({ id }) => !ids.has(id)));
  }
}

class Reader {
  readonly clock = createVirtualClock();
  readonly queue = new QueueInMemory(this.clock);
  readonly asked: (readonly [string, boolean])[] = [];
  readonly lines: string[] = [];
  readonly own = new Set<string>();
  readonly metrics = createMetrics({ processMetrics: false }).hints;
  mayAct = true;
  private readonly end = new AbortController();
  private readonly running: Promise<void>;

  constructor() {
    const index = createLinkIndex();
    const endpoints = [{ serviceName: 'api', id: anEndpoint }];
    const status = { vpcId: 'vpc-0a1b2c3d', endpoints };
    const object = { metadata: { name: 'ml' }, spec: {}, status };
    index.note({ kind: 'added', object: object as unknown as SageMakerPrivateLink });
    const say = (_: object, message: string): void => void this.lines.push(message);
    const logger = {
      debug: () => undefined,
      info: say,
      warn: say,
      error: say,
    } as unknown as Logger;
    this.running = readHints(
      {
        queue: this.queue,
        index,
        looks: {
          ask: (link, isOfNetwork) => {
            this.asked.push([link, isOfNetwork]);
            return true;
          },
        },
        isOwnRequest: (id) => this.own.has(id),
        mayAct: () => this.mayAct,
        clock: this.clock,
        random: () => 0,
        logger,
        metrics: this.metrics,
      },
      this.end.signal,
    );
  }

  send(parts: EventParts = {}): void {
    this.queue.put(JSON.stringify(driftEvent(parts)));
  }

  async results(): Promise<Readonly<Record<string, number>>> {
    const { values } = await this.metrics.events.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.result, value]));
  }

  async isReadable(): Promise<readonly number[]> {
    return (await this.metrics.readable.get()).values.map(({ value }) => value);
  }

  async stop(): Promise<void> {
    this.end.abort(new Error('over'));
    await this.running;
  }
}

test('an event leads to a look at the link that has the resource, and is taken out of the queue', async () => {
  const reader = new Reader();
  reader.send();
  reader.send({ call: 'ModifyVpcAttribute', parameters: { vpcId: 'vpc-0a1b2c3d' } });
  await reader.clock.advance(31_000);
  expect(reader.asked).toEqual([
    ['ml', false],
    ['ml', true],
  ]);
  expect(reader.queue.waiting).toEqual([]);
  expect(await reader.results()).toEqual({ Hint: 2 });
  await reader.stop();
});

test('other messages are taken out too, each counted by why it is no hint, and harm nothing', async () => {
  const reader = new Reader();
  reader.own.add('own-request');
  reader.queue.put('{{{');
  reader.queue.put('');
  reader.queue.put('x'.repeat(300_000));
  reader.send({ source: 's3.amazonaws.com' });
  reader.send({ detail: { errorCode: 'Client.UnauthorizedOperation' } });
  reader.send({ parameters: { id: 'vpce-00000000000000009' } });
  reader.send({ detail: { requestID: 'own-request' } });
  reader.send({ parameters: null });
  await reader.clock.advance(31_000);
  expect(reader.asked).toEqual([]);
  expect(reader.queue.waiting).toEqual([]);
  expect(await reader.results()).toEqual({
    Malformed: 2,
    TooLong: 1,
    Foreign: 1,
    Unchanged: 1,
    NoLink: 1,
    Own: 1,
    NoIds: 1,
  });
  await reader.stop();
});

test('a message that could not be taken out comes again, and is not taken for a new one', async () => {
  const reader = new Reader();
  reader.queue.removeError = unavailable;
  reader.send();
  await reader.clock.advance(200_000);
  expect(reader.asked).toHaveLength(1);
  expect((await reader.results())['Repeated']).toBeGreaterThan(0);
  reader.queue.removeError = undefined;
  await reader.clock.advance(400_000);
  expect(reader.queue.waiting).toEqual([]);
  expect(reader.asked).toHaveLength(1);
  await reader.stop();
});

test('a queue that cannot be read is tried again and again, more and more slowly, with one line', async () => {
  const reader = new Reader();
  reader.queue.receiveError = unavailable;
  await reader.clock.advance(60_000);
  const inTheFirstMinute = reader.queue.reads;
  expect(inTheFirstMinute).toBeGreaterThan(3);
  await reader.clock.advance(3_600_000);
  const anHourLater = reader.queue.reads;
  expect(anHourLater - inTheFirstMinute).toBeLessThan(25);
  await reader.clock.advance(600_000);
  expect(reader.queue.reads).toBeGreaterThan(anHourLater);
  expect(reader.lines).toHaveLength(1);
  expect(await reader.isReadable()).toEqual([0]);
  reader.queue.receiveError = undefined;
  reader.send();
  await reader.clock.advance(400_000);
  expect(reader.asked).toHaveLength(1);
  expect(await reader.isReadable()).toEqual([1]);
  expect(reader.lines.filter((line) => line.includes('is read again'))).toHaveLength(1);
  await reader.stop();
});

test('a process that may not act reads nothing, and begins as soon as it may', async () => {
  const reader = new Reader();
  await reader.clock.advance(25_000);
  reader.mayAct = false;
  await reader.clock.advance(60_000);
  const { reads } = reader.queue;
  await reader.clock.advance(600_000);
  expect(reader.queue.reads).toBe(reads);
  reader.mayAct = true;
  reader.send();
  await reader.clock.advance(60_000);
  expect(reader.asked).toHaveLength(1);
  expect(reader.lines.filter((line) => line.includes('cannot be read'))).toEqual([]);
  await reader.stop();
});

test('the reader ends in the middle of a wait', async () => {
  const reader = new Reader();
  await reader.clock.advance(5_000);
  await reader.stop();
  expect(reader.clock.timers).toBe(0);
});
