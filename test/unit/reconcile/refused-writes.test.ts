import { expect, test } from '@jest/globals';
import { finalizer } from '../../../src/api/sagemaker-private-link.ts';
import { ApiStatusError } from '../../../src/kubernetes/client/api-error.ts';
import { CloudError } from '../../../src/plan/cloud.ts';
import { enqueue } from '../../../src/reconcile/link-controller.ts';
import { ReconciledLink } from './reconciled-link.ts';

async function readyLink(): Promise<ReconciledLink> {
  const one = new ReconciledLink();
  await one.passes(4);
  expect(one.condition('Ready')?.status).toBe('True');
  one.events.length = 0;
  return one;
}

function refusal(message: string): ApiStatusError {
  const fields = { verb: 'PATCH', path: '/apis/x', code: 403 };
  return new ApiStatusError({ ...fields, status: { reason: 'Forbidden', message } });
}

const unknownAccount = new CloudError({
  kind: 'Denied',
  action: 'sts:AssumeRole',
  code: 'UnknownAccount',
  message: 'no account ml-prod in the map',
});

const states: Readonly<Record<string, (one: ReconciledLink) => void>> = {
  'at work': () => undefined,
  suspended: (one) => one.edit({ suspend: true }),
  refused: (one) => {
    one.refusal = unknownAccount;
  },
};

test.each(Object.entries(states))(
  'a finalizer that was taken off is put back while the link is %s',
  async (_state, enter) => {
    const one = await readyLink();
    enter(one);
    await one.passes(1);
    one.takeFinalizerOff();
    await one.passes(1);
    expect(one.link?.metadata.finalizers).toEqual([finalizer]);
    expect(one.events).toContainEqual(
      expect.objectContaining({ type: 'Warning', reason: 'FinalizerRestored' }),
    );
  },
);

test('a link that never was at work is left without a finalizer while it is refused', async () => {
  const one = new ReconciledLink();
  one.refusal = unknownAccount;
  await one.passes(2);
  expect(one.link?.metadata.finalizers).toBeUndefined();
});

test('the loss of the finalizer is a change', async () => {
  const one = await readyLink();
  const previous = one.link;
  one.takeFinalizerOff();
  if (previous === undefined || one.link === undefined) throw new Error('the link is gone');
  const added: string[] = [];
  const queue = { add: (key: string) => void added.push(key), forget: () => undefined };
  enqueue(queue, { kind: 'updated', previous, object: previous });
  expect(added).toEqual([]);
  enqueue(queue, { kind: 'updated', previous, object: one.link });
  expect(added).toEqual(['ml']);
});

test('a link that vanishes with its resources is a warning, and one that was let go is not', async () => {
  const one = await readyLink();
  const ids = [...one.world.endpoints.keys()];
  one.takeFinalizerOff();
  one.vanish();
  expect(one.events).toMatchObject([{ type: 'Warning', reason: 'ResourcesLeftBehind' }]);
  for (const id of ids) expect(one.events[0]?.note).toContain(id);

  const other = await readyLink();
  const last = other.link;
  other.remove();
  await other.passes(8);
  expect(other.link).toBeUndefined();
  other.events.length = 0;
  other.link = last;
  other.vanish();
  expect(other.events).toEqual([]);
});

test('nothing is made while the API server refuses the finalizer, and the object says so', async () => {
  const one = new ReconciledLink();
  one.refusedWrites.finalizer = refusal('admission policy "no-finalizers" denied the request');
  await one.passes(5);
  expect([...one.world.endpoints.keys()]).toEqual([]);
  expect(one.condition('Stalled')).toMatchObject({ status: 'True', reason: 'FinalizerRefused' });
  expect(one.condition('Ready')?.message).toContain('no-finalizers');
  one.refusedWrites = {};
  await one.passes(5);
  expect(one.condition('Ready')?.status).toBe('True');
});

test('a refusal that passes calls for nobody, and is retried with growing delays', async () => {
  const one = new ReconciledLink();
  one.refusedWrites.finalizer = refusal('cannot patch resource "sagemakerprivatelinks"');
  for (let pass = 1; pass <= 3; pass += 1) {
    await one.passes(1);
    expect(one.condition('Ready')).toMatchObject({ reason: 'FinalizerRefused' });
    expect(one.condition('Stalled')).toBeUndefined();
    expect(one.retries).toBe(pass);
  }
  // A refusal that lasts is retried as before, and a person is called.
  await one.passes(3);
  expect(one.condition('Stalled')).toMatchObject({ status: 'True' });
  expect(one.retries).toBe(6);
  one.refusedWrites = {};
  await one.passes(5);
  expect(one.condition('Stalled')).toBeUndefined();
  expect(one.condition('Ready')?.status).toBe('True');
  expect(one.retries).toBe(0);
});

test('no event says what the status could not say, and what is refused is said', async () => {
  const one = new ReconciledLink();
  one.edit({ tags: {} });
  one.refusedWrites.status = refusal('cannot update resource "sagemakerprivatelinks/status"');
  await one.passes(4);
  const reasons = one.events.map(({ reason }) => reason);
  expect(reasons).toContain('StatusRefused');
  expect(reasons).toContain('EndpointCreated');
  expect(reasons).not.toContain('Succeeded');
  expect(
    one.log.filter(({ message }) => String(message).includes('refuses the status')),
  ).toHaveLength(1);
  one.refusedWrites = {};
  await one.passes(2);
  expect(one.events.map(({ reason }) => reason)).toContain('Succeeded');
});

test('why a link is not ready is in the log once for each change of that', async () => {
  const one = await readyLink();
  one.edit({ securityGroup: { ids: ['sg-none'] } });
  await one.passes(4);
  const said = () => one.log.filter(({ message }) => message === 'the link is not ready');
  expect(said()).toMatchObject([{ level: 'warn', reason: 'SecurityGroupNotFound' }]);
  one.edit({ securityGroup: { ids: ['sg-user'] } });
  await one.passes(4);
  one.edit({ securityGroup: { ids: ['sg-none'] } });
  await one.passes(2);
  expect(said()).toHaveLength(2);
});
