/** What IAM has to look like for `spec.notebookAccess` to be true, and what may be in the way. */
import type { Reason } from '../../src/api/conditions.ts';
import type {
  NotebookAccessSpec,
  NotebookAction,
  SageMakerPrivateLinkSpec,
} from '../../src/api/sagemaker-private-link.ts';
import type { PolicyDocument, Principal } from '../../src/plan/facts.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import { policyName, policyPath } from '../../src/plan/ownership/ownership.ts';
import type { AwsWorld, StoredPolicy } from './aws-world.ts';
import { flat } from './flat-policy.ts';
import { operatorRole, picky } from './generated-access.ts';
import { serviceNames } from './generated-worlds.ts';
import { carriesTagsOf } from './model-cloud.ts';
import { isSame } from './policy-reads.ts';

/** The policies under the name that the link gives, or gave when it was another, with its tags. */
export function ownPolicies(
  world: AwsWorld,
  owner: OwnerIdentity,
  given?: string,
): readonly StoredPolicy[] {
  const isNamed = (name: string): boolean =>
    name === given || new RegExp(`^sagemaker-privatelink-${owner.name}-[0-9a-f]{10}$`).test(name);
  return [...world.policies.values()].filter(
    ({ id, name, tags }) =>
      id.endsWith(`:policy${policyPath}${name}`) && isNamed(name) && carriesTagsOf(tags, owner),
  );
}

/** Everybody in `attachTo`, in no special order. */
export function listed({ attachTo }: Partial<NotebookAccessSpec>): readonly Principal[] {
  const named = (kind: Principal['kind'], names: readonly string[] = []): readonly Principal[] =>
    names.map((name) => ({ kind, name }));
  return [
    ...named('role', attachTo?.roles),
    ...named('user', attachTo?.users),
    ...named('group', attachTo?.groups),
  ];
}

/** The default version's document. */
export function inForce({ versions }: StoredPolicy): PolicyDocument | undefined {
  return versions.find(({ isDefault }) => isDefault)?.document;
}

/** Every way in which IAM differs from the spec; none when it is true. */
export function accessShortcomings(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): readonly string[] {
  const policies = ownPolicies(world, owner, spec.notebookAccess?.policyName);
  if (spec.notebookAccess === undefined) return policies.map(({ id }) => `${id} is left over`);
  const [policy] = policies;
  if (policy === undefined) return ['no notebook policy'];
  return [
    ...enforcementShortcomings(world, owner, spec),
    ...(policy.tags['sagemaker.privatelink.dev/role'] === 'notebook-policy' &&
    policy.tags['sagemaker.privatelink.dev/name'] === owner.name &&
    Object.entries(spec.tags ?? {}).every(([key, value]) => policy.tags[key] === value)
      ? []
      : [`${policy.id} has other tags`]),
  ];
}

/** Whether the wanted document is in force, for exactly those who are listed. */
export function enforcementShortcomings(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): readonly string[] {
  const { notebookAccess: access } = spec;
  const [policy] = ownPolicies(world, owner, access?.policyName);
  if (access === undefined || policy === undefined) return ['nothing is in force'];
  const wanted = wantedDocument(world, owner, spec, access);
  const actual = withoutSids(inForce(policy));
  const wrong = flat(actual) === flat(wanted) ? [] : ['another document is in force'];
  const names = (principals: readonly Principal[]): string =>
    principals
      .map(({ kind, name }) => `${kind} ${name.toLowerCase()}`)
      .sort()
      .join(', ');
  const [attached, asked] = [names(policy.attachedTo), names(listed(access))];
  return attached === asked ? wrong : [...wrong, `attached to ${attached}, not to ${asked}`];
}

function withoutSids(document: PolicyDocument = {}): unknown {
  const statements = Array.isArray(document['Statement']) ? document['Statement'] : [];
  const bare = (statements as readonly object[]).map((one) => ({ ...one, Sid: '' }));
  return { ...document, Statement: bare };
}

const iamNames: Partial<Record<NotebookAction, string>> = {
  NotebookInstances: 'sagemaker:CreatePresignedNotebookInstanceUrl',
  Studio: 'sagemaker:CreatePresignedDomainUrl',
};

/** By AWS's facts: one Deny for all that is outside, one more for private addresses. */
function wantedDocument(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
  access: NotebookAccessSpec,
): unknown {
  const { notebookInstances: names } = access;
  const prefix = `arn:${world.partition}:sagemaker:${spec.region}:${world.account}:`;
  const everything = [`${prefix}*`];
  const others = access.actions.filter((one) => one !== 'NotebookInstances');
  const covered =
    names === undefined
      ? [{ actions: access.actions, resources: everything }]
      : [
          {
            actions: ['NotebookInstances'] as const,
            resources: names.map((name) => `${prefix}notebook-instance/${name}`),
          },
          ...(others.length === 0 ? [] : [{ actions: others, resources: everything }]),
        ];
  return {
    Statement: covered.flatMap(({ actions, resources }) => {
      const about = { Action: actions.map((one) => iamNames[one]), Resource: resources };
      return conditionsOf(world, owner, access).map((Condition) => {
        const BoolIfExists = { 'aws:ViaAWSService': 'false' };
        return { Sid: '', Effect: 'Deny', ...about, Condition: { ...Condition, BoolIfExists } };
      });
    }),
  };
}

function conditionsOf(
  world: AwsWorld,
  owner: OwnerIdentity,
  access: NotebookAccessSpec,
): readonly object[] {
  const { allowedCIDRs = [], additionalEndpointIds = [], allowedPrivateCIDRs = [] } = access;
  const own = access.allowEndpoints ? openingEndpoints(world, owner) : [];
  const ids = [...own, ...additionalEndpointIds];
  const outside = {
    ...(allowedCIDRs.length === 0 ? {} : { NotIpAddress: { 'aws:SourceIp': allowedCIDRs } }),
    ...(ids.length === 0 ? {} : { StringNotEquals: { 'aws:SourceVpce': ids } }),
  };
  if (ids.length === 0 || allowedPrivateCIDRs.length === 0) return [outside];
  const within = { StringEquals: { 'aws:SourceVpce': ids } };
  return [outside, { ...within, NotIpAddress: { 'aws:VpcSourceIp': allowedPrivateCIDRs } }];
}

function openingEndpoints(world: AwsWorld, owner: OwnerIdentity): readonly string[] {
  return [...world.endpoints.values()]
    .filter(({ tags, state }) => state !== 'deleted' && carriesTagsOf(tags, owner))
    .filter(({ serviceName }) =>
      [serviceNames.api, serviceNames.notebook].some((one) => one === serviceName),
    )
    .map(({ id }) => id);
}

/** Reasons for which the access may rightly be unfinished in this world. */
export function accessObstacles(
  world: AwsWorld,
  owner: OwnerIdentity,
  spec: SageMakerPrivateLinkSpec,
): readonly Reason[] {
  const { notebookAccess: access } = spec;
  const hasName = ({ name }: StoredPolicy): boolean =>
    name.toLowerCase() === policyName(owner, access?.policyName).toLowerCase();
  const namesakes = [...world.policies.values()].filter(hasName);
  const ours = ownPolicies(world, owner, access?.policyName);
  const asked = access === undefined ? [] : listed(access);
  const exists = (one: Principal): boolean =>
    world.principals.some(({ principal }) => isSame(principal, one));
  const asks = (principal: Principal): boolean => asked.some((one) => isSame(one, principal));
  const strangers = ours.flatMap(({ attachedTo }) => attachedTo.filter((one) => !asks(one)));
  // Whatever other policies say about addresses may change its meaning with private DNS.
  const hasOtherPolicies = [...world.policies.values()].some(
    (policy) => !ours.includes(policy) && policy.attachedTo.some(asks),
  );
  const isBoundary = ours.some(({ boundaryOf }) => boundaryOf.length > 0);
  return [
    ...only(access !== undefined && namesakes.length > ours.length, 'OwnershipConflict'),
    ...only(strangers.length > 0, 'ForeignAttachment'),
    ...only(access === undefined && isBoundary, 'PolicyInUse'),
    ...only(asks(operatorRole), 'ProtectedPrincipal'),
    ...only(!asked.every(exists), 'PrincipalNotFound'),
    ...only(
      asked.some(({ name }) => name === 'full'),
      'QuotaExceeded',
    ),
    ...only((asks(picky) || hasOtherPolicies) && access?.onImpact === 'Fail', 'PolicyImpact'),
  ];
}

function only(holds: boolean, reason: Reason): readonly Reason[] {
  return holds ? [reason] : [];
}
