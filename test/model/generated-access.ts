/** Notebook access for generated specs, and what is at IAM when a run begins. */
import fc from 'fast-check';
import type {
  EndpointSpec,
  NotebookAccessSpec,
  NotebookAction,
} from '../../src/api/sagemaker-private-link.ts';
import type { PolicyDocument, Principal, PrincipalPolicies } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import { policyName, policyPath } from '../../src/plan/ownership/ownership.ts';
import type { AwsWorld } from './aws-world.ts';
import { isSame } from './policy-reads.ts';

/** Principals that the policy can be attached to, and to which nothing is in the way. */
const people = {
  ana: { kind: 'role', name: 'ana' },
  ben: { kind: 'user', name: 'ben' },
  team: { kind: 'group', name: 'team' },
} as const satisfies Record<string, Principal>;

/** The role that the operator itself runs as, by the model's answer to `Caller`. */
export const operatorRole: Principal = { kind: 'role', name: 'operator' };

/** Has a policy that looks at `aws:SourceIp` alone. */
export const picky: Principal = { kind: 'role', name: 'picky' };

/** Has as many managed policies as IAM allows. */
const full: Principal = { kind: 'role', name: 'full' };

const byAddressAlone: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: 'sagemaker:*',
      Resource: '*',
      Condition: { NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] } },
    },
  ],
};

/** Who exists at IAM. */
export function somePrincipals(mostPolicies: number): PrincipalPolicies[] {
  const arn = (index: number): string => `arn:aws:iam::aws:policy/Managed${index}`;
  const managed = Array.from({ length: mostPolicies }, (_, index) => ({
    name: `Managed${index}`,
    arn: arn(index),
    through: full,
    document: {},
  }));
  const bare = [...Object.values(people), operatorRole].map((principal) => ({
    principal,
    policies: [],
  }));
  const policy = { name: 'office-only', through: picky, document: byAddressAlone };
  return [
    ...bare,
    { principal: full, policies: managed },
    { principal: picky, policies: [policy] },
  ];
}

/** From where and for whom; valid by the schema together with an api endpoint. */
const networks = fc.record({
  allowedCIDRs: fc.subarray(['198.51.100.0/24', '203.0.113.7/32', '2001:db8:1::/48']),
  allowEndpoints: fc.boolean(),
  additionalEndpointIds: fc.constantFrom<readonly string[]>([], [], ['vpce-hub']),
  allowedPrivateCIDRs: fc.constantFrom<readonly string[]>(
    [],
    [],
    ['10.0.16.0/24'],
    ['10.0.17.0/24'],
  ),
});

const coverage: fc.Arbitrary<Pick<NotebookAccessSpec, 'actions' | 'notebookInstances'>> =
  fc.constantFrom(
    { actions: ['NotebookInstances'] },
    { actions: ['NotebookInstances'] },
    { actions: ['Studio'] },
    { actions: ['NotebookInstances', 'Studio'] satisfies NotebookAction[] },
    { actions: ['NotebookInstances'], notebookInstances: ['demo'] },
    { actions: ['NotebookInstances', 'Studio'], notebookInstances: ['demo'] },
  );

const plainAttachments = fc.record({
  roles: fc.subarray(['ana']),
  users: fc.subarray(['ben']),
  groups: fc.subarray(['team']),
});

const rarely = (name: string): fc.Arbitrary<readonly string[]> =>
  fc.oneof(
    { weight: 14, arbitrary: fc.constant<readonly string[]>([]) },
    { weight: 1, arbitrary: fc.constant([name]) },
  );

const anyAttachments = fc
  .tuple(plainAttachments, rarely('operator'), rarely('full'), rarely('picky'), rarely('nobody'))
  .map(([plain, ...[own, crowded, careful, missing]]) => ({
    ...plain,
    roles: [...plain.roles, ...own, ...crowded, ...careful],
    users: [...plain.users, ...missing],
  }));

function accessFor(
  attachTo: fc.Arbitrary<NonNullable<NotebookAccessSpec['attachTo']>>,
): fc.Arbitrary<NotebookAccessSpec> {
  return fc
    .record({
      networks,
      coverage,
      attachTo,
      onImpact: fc.constantFrom('Fail' as const, 'Proceed' as const),
    })
    .map(({ networks: from, coverage: covered, ...rest }) => {
      const hasAny = from.allowedCIDRs.length + from.additionalEndpointIds.length > 0;
      const allowEndpoints = from.allowEndpoints || !hasAny;
      const overEndpoints = allowEndpoints || from.additionalEndpointIds.length > 0;
      return {
        ...rest,
        ...covered,
        ...from,
        allowEndpoints,
        allowedPrivateCIDRs: overEndpoints ? from.allowedPrivateCIDRs : [],
      };
    });
}

/** Access with which nothing is in the way at IAM. */
export const plainAccess = accessFor(plainAttachments);

/** Any access. */
export const anyAccess = accessFor(anyAttachments);

/** What the schema asks for: where only own endpoints are allowed, there is one. */
export function withOpening(
  endpoints: readonly EndpointSpec[],
  { allowedCIDRs = [], additionalEndpointIds = [] }: NotebookAccessSpec,
): readonly EndpointSpec[] {
  const opens = endpoints.some(({ service }) => service === 'api' || service === 'notebook');
  if (opens || allowedCIDRs.length + additionalEndpointIds.length > 0) return endpoints;
  return [{ service: 'api', privateDNS: true }, ...endpoints.slice(1)];
}

/** Some policy that is there when a run begins. */
export interface PolicySeed<Ownership extends string> {
  readonly ownership: Ownership;
  /** Its name and path in relation to what this link's policy has. */
  readonly named: 'as ours' | 'in other case' | 'under another path' | 'otherwise';
  readonly versions: number;
  readonly attachedTo: readonly Principal[];
  readonly boundaryOf: readonly Principal[];
}

export function anyPolicySeed<Ownership extends string>(
  ownership: fc.Arbitrary<Ownership>,
): fc.Arbitrary<PolicySeed<Ownership>> {
  const someone = fc.subarray<Principal>([people.ana, people.ben]);
  return fc.record({
    ownership,
    named: fc.constantFrom(
      'as ours',
      'as ours',
      'in other case',
      'under another path',
      'otherwise',
    ),
    versions: fc.integer({ min: 1, max: 5 }),
    attachedTo: fc.oneof(fc.constant<Principal[]>([]), someone),
    boundaryOf: fc.oneof(
      { weight: 5, arbitrary: fc.constant<Principal[]>([]) },
      { weight: 1, arbitrary: someone },
    ),
  });
}

/** Adds a policy, unless its name is taken. */
export function addPolicy(
  world: AwsWorld,
  owner: OwnerIdentity,
  seed: PolicySeed<string>,
  tags: Readonly<Record<string, string>>,
): void {
  const own = policyName(owner);
  const names = { 'in other case': own.toUpperCase(), otherwise: `policy-${world.policies.size}` };
  const name = { 'as ours': own, 'under another path': own, ...names }[seed.named];
  const taken = [...world.policies.values()].some(
    (one) => one.name.toLowerCase() === name.toLowerCase(),
  );
  if (taken) return;
  const path = seed.named === 'under another path' ? '/' : policyPath;
  const id = `arn:${world.partition}:iam::${world.account}:policy${path}${name}`;
  const versions = Array.from({ length: seed.versions }, (_, index) => ({
    id: `v${index + 1}`,
    isDefault: index === seed.versions - 1,
    document: { ...byAddressAlone, Id: `version ${index + 1}` },
  }));
  const attachedTo = seed.attachedTo.filter((one) =>
    world.principals.some(({ principal }) => isSame(principal, one)),
  );
  const { boundaryOf } = seed;
  const policy = { id, name, tags, versions, lastVersion: seed.versions, attachedTo, boundaryOf };
  world.policies.set(id, policy);
}
