/** The world that a plan is made on: AWS as it is, and the changes of the plan as if they were made. */
import type { Action, ActionResults, CreateVpcEndpoint } from '../plan/actions.ts';
import { type Cloud, CloudError, type LookOptions } from '../plan/cloud.ts';
import { withEffect } from '../plan/effects.ts';
import type {
  Endpoint,
  ManagedPolicy,
  PolicyVersion,
  SecurityGroup,
  SecurityGroupRule,
} from '../plan/facts.ts';
import type { Look, LookAnswers, LookKind, OwnerIdentity } from '../plan/looks.ts';
import { nothingObserved, type Observation, withAnswer } from '../plan/observation.ts';
import { missingPrincipal } from '../plan/aws-errors/missing-principal.ts';
import { policyArnOfName } from '../plan/ownership/ownership.ts';

/** Stands for an id that AWS will choose. */
const knownAfterApply = '(known after apply)';

/** A cloud that only imagines changes. */
export interface PlanningCloud extends Cloud {
  /** From now on looks show what AWS will have when it is done with what it does now. */
  letTimePass(): void;
  /** AWS's own answers so far, without the effects of imagined changes. */
  asIs(): Observation['answers'];
  /** The data with words in the place of ids that were only imagined. */
  worded<T>(data: T): T;
}

/**
 * A cloud that answers looks from AWS and imagines changes: passes over it find out everything
 * that real ones would do one after the other, and do none of it. Imagined changes are in the
 * answers to later looks; AWS is asked nothing about it.
 */
export function planningCloud(cloud: Cloud, owner: OwnerIdentity): PlanningCloud {
  return new ImaginingCloud(cloud, owner);
}

interface Imagined {
  readonly action: Action;
  readonly result: ActionResults[Action['kind']];
}

/** Looks whose answers the plan's own actions change. */
const changing: ReadonlySet<LookKind> = new Set([
  'Owned',
  'VpcEndpoints',
  'ManagedPolicy',
  'PoliciesByARN',
  'PolicyVersions',
  'PolicyBoundaryUses',
]);

class ImaginingCloud implements PlanningCloud {
  private readonly cloud: Cloud;
  private readonly owner: OwnerIdentity;
  /** AWS's own answers, by the look. */
  private readonly answers = new Map<string, LookAnswers[LookKind]>();
  /** The same, by kind. */
  private asked: Observation = nothingObserved;
  private readonly imagined: Imagined[] = [];
  /** Imagined id to the name of the endpoint's service. */
  private readonly services = new Map<string, string>();
  private timeHasPassed = false;

  constructor(cloud: Cloud, owner: OwnerIdentity) {
    this.cloud = cloud;
    this.owner = owner;
  }

  now(): number {
    return this.cloud.now();
  }

  letTimePass(): void {
    this.timeHasPassed = true;
  }

  asIs(): Observation['answers'] {
    return this.asked.answers;
  }

  async look<L extends Look>(look: L, options: LookOptions): Promise<never> {
    const key = JSON.stringify(look);
    const answer =
      this.answers.get(key) ?? this.aboutImagined(look) ?? (await this.cloud.look(look, options));
    this.answers.set(key, answer);
    this.asked = withAnswer(this.asked, look, answer as never);
    return (changing.has(look.kind) ? this.expected()[look.kind] : answer) as never;
  }

  async apply(action: Action, { signal }: { readonly signal: AbortSignal }): Promise<never> {
    if (action.kind === 'AttachPolicy') await this.checkPrincipal(action, signal);
    const result = this.resultOf(action);
    this.imagined.push({ action, result });
    return result as never;
  }

  /** IAM refuses to attach to a principal that is not there, and a plan can know that. */
  private async checkPrincipal(
    { principal }: Extract<Action, { kind: 'AttachPolicy' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const look = { kind: 'PrincipalPolicies', principals: [principal] } as const;
    let found: readonly unknown[];
    try {
      found = await this.cloud.look(look, { since: this.now(), signal });
    } catch (error) {
      // A caller that may not read principals may still be allowed to attach policies to them.
      if (error instanceof CloudError) return;
      throw error;
    }
    if (found.length > 0) return;
    const { kind } = principal;
    const word = `${kind.charAt(0).toUpperCase()}${kind.slice(1)}`;
    throw missingPrincipal(`iam:Attach${word}Policy`, principal);
  }

  worded<T>(data: T): T {
    const text = [...this.services].reduce(
      (former, [id, name]) => former.replaceAll(id, `${knownAfterApply} for ${name}`),
      JSON.stringify(data),
    );
    return JSON.parse(text) as T;
  }

  /** The answer about a policy that is not at AWS; undefined about everything else. */
  private aboutImagined(look: Look): LookAnswers[LookKind] | undefined {
    if (look.kind === 'PolicyBoundaryUses') return this.creationOf(look.arn) && [];
    if (look.kind !== 'PolicyVersions') return undefined;
    const policy = this.creationOf(look.arn);
    if (policy === undefined) return undefined;
    const { defaultVersionId, document } = policy;
    const first: PolicyVersion = { id: defaultVersionId, isDefault: true };
    return [document === undefined ? first : { ...first, document }];
  }

  private creationOf(arn: string): ManagedPolicy | undefined {
    const policies = this.imagined.flatMap(({ result }) =>
      'policy' in result ? [result.policy] : [],
    );
    return policies.find((one) => one.arn === arn);
  }

  /** The answers that AWS would give with everything done that was imagined. */
  private expected(): Observation['answers'] {
    const { answers } = this.imagined.reduce(
      (known, { action, result }) => withEffect(known, this.owner, action, result),
      this.asked,
    );
    const { Owned: owned, VpcEndpoints: inVpc, ManagedPolicy: managed } = answers;
    const own = new Map(owned?.endpoints.map((one) => [one.id, one]));
    return {
      ...answers,
      ...(owned === undefined
        ? {}
        : { Owned: { ...owned, endpoints: this.inTime(owned.endpoints) } }),
      ...(inVpc === undefined
        ? {}
        : { VpcEndpoints: this.inTime(inVpc.map((one) => own.get(one.id) ?? one)) }),
      ...(managed?.policy === undefined
        ? {}
        : { ManagedPolicy: { policy: { ...managed.policy, settling: false } } }),
    };
  }

  private inTime(endpoints: readonly Endpoint[]): readonly Endpoint[] {
    if (!this.timeHasPassed) return endpoints;
    return endpoints
      .filter(({ state }) => state !== 'deleting')
      .map((one) => ({
        ...one,
        state: one.state === 'pending' ? 'available' : one.state,
        settling: false,
      }));
  }

  private resultOf(action: Action): ActionResults[Action['kind']] {
    switch (action.kind) {
      case 'CreateSecurityGroup':
        return { group: imaginedGroup(action), existed: false };
      case 'AuthorizeIngress':
        return { rules: action.rules.map((rule) => imaginedRule(rule, action.tags)) };
      case 'CreateVpcEndpoint':
        return { endpoint: imaginedEndpoint(action, this.newEndpointId(action.serviceName)) };
      case 'RevokeIngress':
      case 'RevokeEgress':
      case 'UpdateRuleDescriptions':
      case 'DeleteSecurityGroup':
      case 'ModifyVpcEndpoint':
      case 'DeleteVpcEndpoints':
      case 'CreateTags':
      case 'DeleteTags':
      case 'SetDefaultPolicyVersion':
      case 'DeletePolicyVersion':
      case 'AttachPolicy':
      case 'DetachPolicy':
      case 'DeletePolicy':
      case 'TagPolicy':
      case 'UntagPolicy':
        return {};
      case 'CreatePolicy':
        return { policy: this.imaginedPolicy(action), existed: false };
      case 'CreatePolicyVersion':
        return { versionId: this.nextVersionId() };
    }
  }

  /**
   * Of the form of AWS's ids, and not yet used: documents with it are then as long as they will be,
   * and are read back like others.
   */
  private newEndpointId(serviceName: string): string {
    const id = `vpce-${String(this.services.size + 1).padStart(17, '0')}`;
    this.services.set(id, serviceName);
    return id;
  }

  private imaginedPolicy(action: Extract<Action, { kind: 'CreatePolicy' }>): ManagedPolicy {
    const { name, document, tags } = action;
    const { Caller: caller } = this.asked.answers;
    if (caller === undefined) throw new Error('a policy was planned for an unknown account');
    const arn = policyArnOfName(name, caller);
    const use = { attachedTo: [], boundaryUses: 0 };
    return { arn, name, tags, document, defaultVersionId: 'v1', ...use };
  }

  /** IAM counts on; versions that were deleted before are not known, so this may be too low. */
  private nextVersionId(): string {
    const ids = (this.expected().PolicyVersions ?? []).map(({ id }) => Number(id.slice(1)));
    return `v${Math.max(0, ...ids) + 1}`;
  }
}

function imaginedGroup(action: Extract<Action, { kind: 'CreateSecurityGroup' }>): SecurityGroup {
  const { name, vpcId, tags } = action;
  return { id: knownAfterApply, name, vpcId, ownerId: '', tags };
}

function imaginedRule(
  { source, port, description }: Extract<Action, { kind: 'AuthorizeIngress' }>['rules'][number],
  tags: SecurityGroupRule['tags'],
): SecurityGroupRule {
  return {
    id: knownAfterApply,
    isEgress: false,
    protocol: 'tcp',
    fromPort: port,
    toPort: port,
    source,
    ...(description === undefined ? {} : { description }),
    tags,
  };
}

/** As AWS shows it at first; when time has passed it is available. */
function imaginedEndpoint(action: CreateVpcEndpoint, id: string): Endpoint {
  return {
    id,
    vpcId: action.vpcId,
    serviceName: action.serviceName,
    state: 'pending',
    subnetIds: action.subnetIds,
    securityGroupIds: action.securityGroupIds,
    networkInterfaceIds: [],
    privateDnsEnabled: action.privateDnsEnabled,
    ipAddressType: action.ipAddressType,
    ...(action.dnsRecordIpType === undefined ? {} : { dnsRecordIpType: action.dnsRecordIpType }),
    ...(action.policy === undefined ? {} : { policy: action.policy }),
    dnsNames: [],
    requesterManaged: false,
    tags: action.tags,
  };
}
