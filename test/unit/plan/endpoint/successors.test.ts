/** An endpoint whose service left the spec, and the entries that may have taken its place. */
import { expect, test } from '@jest/globals';
import type {
  EndpointSpec,
  SageMakerPrivateLinkSpec,
} from '../../../../src/api/sagemaker-private-link.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld } from '../../../model/generated-worlds.ts';
import { LinkLife } from '../../../model/link-life.ts';

const mistyped = 'com.amazonaws.eu-west-1.sagemaker.apii';

function withEntries(...endpoints: readonly EndpointSpec[]): SageMakerPrivateLinkSpec {
  return { ...plainSpec, endpoints };
}

const api = { service: 'api', privateDNS: true } as const;
const runtime = { service: 'runtime', privateDNS: true } as const;

/** A link that was brought about with `api`. */
async function settledLife(options: Parameters<typeof emptyWorld>[1] = {}): Promise<LinkLife> {
  const life = new LinkLife({ world: emptyWorld({}, options), spec: withEntries(api) });
  await life.settle();
  return life;
}

function standing({ world }: LinkLife): readonly string[] {
  return [...world.endpoints.values()]
    .filter(({ state }) => state !== 'deleting' && state !== 'deleted')
    .map((one) => `${one.serviceName.replace(/.*\./, '')} ${one.privateDnsEnabled}`);
}

function about({ status }: LinkLife, type: string) {
  return status.conditions?.find((one) => one.type === type);
}

test('a service replaced by one that AWS does not know stays until the entry is put right', async () => {
  const life = await settledLife();
  life.change(withEntries({ serviceName: mistyped, privateDNS: true }));
  await life.settle();
  expect(standing(life)).toEqual(['api true']);
  expect(about(life, 'EndpointsAvailable')).toMatchObject({
    reason: 'ServiceNotFound',
    message: expect.stringMatching(
      /sagemaker\.api\) is no longer in the spec and is kept until \S+apii can be used/,
    ),
  });
  expect(about(life, 'Stalled')?.status).toBe('True');
  life.change(withEntries(runtime));
  await life.settle();
  expect(standing(life)).toEqual(['runtime true']);
  expect(about(life, 'Ready')?.status).toBe('True');
});

test('the former endpoint goes when AWS shows the new one as available, not before', async () => {
  const life = await settledLife({ slowness: 3 });
  life.change(withEntries(runtime));
  await life.pass();
  expect(standing(life)).toEqual(['api true', 'runtime false']);
  expect(about(life, 'EndpointsAvailable')?.message).toContain('is kept until runtime can be used');
  expect(about(life, 'Reconciling')?.reason).toBe('EndpointPending');
  await life.settle();
  expect(standing(life)).toEqual(['runtime true']);
});

test('an entry that is only taken away goes, whatever waits for nothing', async () => {
  const life = await settledLife();
  life.change(withEntries(api, runtime));
  await life.settle();
  life.change(withEntries(api));
  await life.pass();
  expect(standing(life)).toEqual(['api true']);
});

test('where AWS has no room for both, what left the spec makes room', async () => {
  const quotas = { rulesPerGroup: 60, endpointsPerVpc: 1, policiesPerPrincipal: 10 };
  const life = await settledLife({ quotas });
  life.change(withEntries(runtime));
  await life.settle();
  expect(standing(life)).toEqual(['runtime true']);
});

test('a quota that no deletion makes room in is no reason to give up what serves', async () => {
  const life = await settledLife();
  const [group] = life.world.groups.values();
  const ids = Array.from({ length: 6 }, (_, index) => `sg-user${index}`);
  for (const id of ids) life.world.groups.set(id, { ...group, id, name: id, tags: {} } as never);
  life.change({ ...withEntries(runtime), securityGroup: { ids } });
  await life.settle();
  expect(standing(life)).toEqual(['api true']);
  expect(about(life, 'EndpointsAvailable')).toMatchObject({
    reason: 'QuotaExceeded',
    message: expect.stringContaining('is kept until runtime can be used'),
  });
});

test('while nothing is wrong, a wait for a successor has its own reason', async () => {
  const life = await settledLife({ slowness: 3 });
  life.change(withEntries(runtime));
  const { plan } = await life.pass();
  expect(plan.waits.map(({ reason }) => reason)).toContain('WaitingForSuccessor');
});

test('an endpoint whose change got no answer is nobody’s successor before AWS shows it again', async () => {
  let isLost = false;
  const life = new LinkLife({
    world: emptyWorld({}, { slowness: 3 }),
    spec: withEntries(api, runtime),
    faultOf: ({ of, name }) =>
      isLost && of === 'action' && name === 'ModifyVpcEndpoint'
        ? { kind: 'answer-lost' }
        : undefined,
  });
  await life.settle();
  isLost = true;
  const policy: EndpointSpec['policy'] = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
  };
  life.change(withEntries({ ...api, policy }));
  await life.pass();
  expect(standing(life)).toEqual(['api true', 'runtime true']);
  isLost = false;
  await life.settle();
  expect(standing(life)).toEqual(['api true']);
});
