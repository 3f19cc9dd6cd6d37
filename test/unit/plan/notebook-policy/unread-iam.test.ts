/** IAM cannot be read, for the whole life of a link or from some moment on. */
import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../../src/api/sagemaker-private-link.ts';
import type { CloudErrorKind } from '../../../../src/plan/cloud.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld } from '../../../model/generated-worlds.ts';
import { LinkLife, quickPatience } from '../../../model/link-life.ts';
import type { Call, Fault } from '../../../model/model-cloud.ts';

const spec: SageMakerPrivateLinkSpec = {
  ...plainSpec,
  endpoints: [
    { service: 'api', privateDNS: true },
    { service: 'runtime', privateDNS: true },
  ],
  notebookAccess: {
    allowedCIDRs: ['203.0.113.0/24'],
    allowEndpoints: true,
    actions: ['NotebookInstances'],
    attachTo: { roles: ['ana'] },
    onImpact: 'Fail',
  },
};
const proceeding = { ...spec, notebookAccess: { ...spec.notebookAccess, onImpact: 'Proceed' } };

const iamLooks = ['ManagedPolicy', 'PolicyNames', 'PoliciesByARN', 'PrincipalPolicies'];

/** A life in which IAM fails while `isBroken` says so; a deadline is four rounds. */
function lifeOf(of: SageMakerPrivateLinkSpec, as: CloudErrorKind, isBroken = () => true): LinkLife {
  const faultOf = (call: Call): Fault | undefined =>
    call.of === 'look' && iamLooks.includes(call.name) && isBroken()
      ? { kind: 'refused', as }
      : undefined;
  const patience = { ...quickPatience, wayDeadlineMs: 20_000 };
  return new LinkLife({ world: emptyWorld(), spec: of, faultOf, patience });
}

function privateDns({ world }: LinkLife): Readonly<Record<string, boolean>> {
  return Object.fromEntries(
    [...world.endpoints.values()].map((one) => [
      one.serviceName.replace(/.*sagemaker\./, ''),
      one.privateDnsEnabled,
    ]),
  );
}

function condition({ status }: LinkLife, type: string) {
  return status.conditions?.find((one) => one.type === type);
}

test.each(['Denied', 'Unavailable'] as const)(
  'IAM is %s: what opens no notebooks goes on at once, and the rest says whom it waits for',
  async (as) => {
    const life = lifeOf(spec, as);
    for (let round = 0; round < 3; round += 1) await life.settle();
    expect(privateDns(life)).toEqual({ api: false, runtime: true });
    expect(condition(life, 'EndpointsAvailable')?.message).toMatch(
      /stays off: the policies of role ana cannot be read.*onImpact: Proceed/,
    );
    expect(condition(life, 'EndpointsAvailable')?.reason).toBe('RestrictionUnknown');
    expect(condition(life, 'NotebookAccessEnforced')?.message).toContain(
      'not known to restrict anybody',
    );
  },
);

test.each(['Denied', 'Unavailable'] as const)(
  'IAM is %s: who accepts the impact gets private DNS after the deadline',
  async (as) => {
    const life = lifeOf(proceeding as never, as);
    for (let round = 0; round < 5; round += 1) await life.settle();
    expect(privateDns(life)).toEqual({ api: true, runtime: true });
    expect(condition(life, 'EndpointsAvailable')?.status).toBe('True');
    expect(condition(life, 'NotebookAccessEnforced')?.message).toContain(
      'notebooks open from everywhere',
    );
  },
);

test('an endpoint that serves keeps its private DNS when IAM goes, whatever the spec asks for', async () => {
  let isBroken = false;
  const life = lifeOf(spec, 'Unavailable', () => isBroken);
  await life.settle();
  expect(privateDns(life)).toEqual({ api: true, runtime: true });
  isBroken = true;
  life.change({ ...spec, endpoints: [{ service: 'api', privateDNS: false }] });
  for (let round = 0; round < 5; round += 1) await life.settle();
  expect(privateDns(life)).toEqual({ api: true });
  expect(condition(life, 'NotebookAccessEnforced')?.message).toContain('restricted role ana');
});

test('an attachment that somebody took away is put back while EC2 cannot be read', async () => {
  let isBroken = false;
  const faultOf = ({ of, name }: Call): Fault | undefined =>
    of === 'look' && name === 'Owned' && isBroken
      ? { kind: 'refused', as: 'Unavailable' }
      : undefined;
  const life = new LinkLife({ world: emptyWorld(), spec, faultOf });
  await life.settle();
  const attached = (): readonly string[] =>
    [...life.world.policies.values()].flatMap((one) => one.attachedTo.map(({ name }) => name));
  expect(attached()).toEqual(['ana']);
  isBroken = true;
  for (const [id, one] of life.world.policies) {
    life.world.policies.set(id, { ...one, attachedTo: [] });
  }
  await life.settle();
  expect(attached()).toEqual(['ana']);
  // Whether the document is the one of the spec nobody can tell.
  expect(condition(life, 'NotebookAccessEnforced')).toMatchObject({
    status: 'False',
    message: expect.stringContaining('stays as it is until the endpoints of this link can be read'),
  });
});
