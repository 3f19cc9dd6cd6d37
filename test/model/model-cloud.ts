/** The model of AWS behind the operator's port: one process of the operator looking and acting. */
import type { Action, ActionResults, ResultOf } from '../../src/plan/actions.ts';
import { type Cloud, CloudError, type CloudErrorKind } from '../../src/plan/cloud.ts';
import type { AnswerTo, Look, LookAnswers, LookKind, OwnerIdentity } from '../../src/plan/looks.ts';
import type { Holdings, HoldingsPart, Tags } from '../../src/plan/facts.ts';
import { type AwsWorld, copyOf } from './aws-world.ts';
import {
  createEndpoint,
  deleteEndpoints,
  freeAddresses,
  modifyEndpoint,
} from './endpoint-writes.ts';
import {
  authorize,
  createGroup,
  createTags,
  deleteGroup,
  deleteTags,
  describeRules,
  revoke,
  revokeEgress,
  usesOf,
} from './group-writes.ts';
import { viewOf } from './lagging-reads.ts';
import { answerToPolicyLook, isPolicyLook } from './policy-reads.ts';
import { applyToPolicies } from './policy-writes.ts';

/** What goes wrong with one call. */
export type Fault =
  | { readonly kind: 'refused'; readonly as: CloudErrorKind }
  /** Of a look at what a link or the cluster has: these parts are not told. */
  | {
      readonly kind: 'unread';
      readonly parts: readonly HoldingsPart[];
      readonly as: CloudErrorKind;
    }
  /** The call takes effect and no answer arrives. */
  | { readonly kind: 'answer-lost' }
  /** The process dies before the call, or after it took effect. */
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' };

/** One call, as faults are planned by: `number` counts looks and actions apart, from 0. */
export interface Call {
  readonly number: number;
  readonly of: 'look' | 'action';
  readonly name: LookKind | Action['kind'];
}

/** An action and the world before and after it, also where it was refused. */
export interface Step {
  readonly action: Action;
  readonly before: AwsWorld;
  readonly after: AwsWorld;
  readonly refused?: CloudError;
}

export interface ModelCloudOptions {
  readonly world: AwsWorld;
  /** Name of the process: its own changes are not forgotten while reads lag. */
  readonly process?: string;
  /** How many reads may miss a change. */
  readonly lag?: number;
  readonly faultOf?: (call: Call) => Fault | undefined;
  readonly onStep?: (step: Step) => void;
}

/** AWS shows a change after so many of these. */
const readsThatAge: ReadonlySet<LookKind> = new Set(['Owned', 'VpcEndpoints', 'ManagedPolicy']);

/** Thrown where a process dies: nothing in it may catch this. */
export class ProcessDied extends Error {}

/** Creates the cloud. */
export function createModelCloud(options: ModelCloudOptions): Cloud {
  const { world, process = 'operator', lag = 0, faultOf, onStep } = options;
  const counts = { look: 0, action: 0 };

  function faultAt(of: Call['of'], name: Call['name']): Fault | undefined {
    const number = counts[of];
    counts[of] += 1;
    return faultOf?.({ number, of, name });
  }

  function answer(look: Look): LookAnswers[LookKind] {
    if (readsThatAge.has(look.kind)) world.reads += 1;
    return answerTo(world, look, process, lag);
  }

  function act(action: Action): ActionResults[Action['kind']] {
    const before = onStep === undefined ? world : copyOf(world);
    const seen = { action, before, after: world };
    try {
      const result = applyTo(world, action, { by: process, lag });
      onStep?.(seen);
      return result;
    } catch (error) {
      if (error instanceof CloudError) onStep?.({ ...seen, refused: error });
      throw error;
    }
  }

  return {
    now: () => world.nowMs,
    async look<L extends Look>(look: L): Promise<AnswerTo<L>> {
      return withFault(faultAt('look', look.kind), () => answer(look)) as AnswerTo<L>;
    },
    async apply<A extends Action>(action: A): Promise<ResultOf<A>> {
      return withFault(faultAt('action', action.kind), () => act(action)) as ResultOf<A>;
    },
  };
}

function withFault<T>(fault: Fault | undefined, call: () => T): T {
  if (fault?.kind === 'refused') throw failure(fault.as, 'Planned', 'This call was made to fail.');
  if (fault?.kind === 'crash' && fault.when === 'before') throw new ProcessDied('before a call');
  const result = call();
  if (fault?.kind === 'crash') throw new ProcessDied('after a call');
  if (fault?.kind === 'unread') return withoutParts(result as Holdings, fault) as T;
  if (fault?.kind === 'answer-lost') throw failure('Unavailable', 'NoAnswer', 'No answer.');
  return result;
}

function withoutParts(
  holdings: Holdings & { readonly former?: Holdings },
  { parts, as }: Fault & { readonly kind: 'unread' },
): Holdings {
  const error = failure(as, 'Planned', 'This part was made to fail.');
  const readable = ({ endpoints, securityGroups }: Holdings): Holdings => ({
    endpoints: parts.includes('endpoints') ? [] : endpoints,
    securityGroups: parts.includes('securityGroups')
      ? []
      : securityGroups.map(({ rules, ...group }) =>
          parts.includes('rules') || rules === undefined ? group : { ...group, rules },
        ),
  });
  const { former } = holdings;
  return {
    ...readable(holdings),
    ...(former === undefined ? {} : { former: readable(former) }),
    unread: Object.fromEntries(parts.map((part) => [part, error])),
  };
}

function failure(kind: CloudErrorKind, code: string, message: string): CloudError {
  return new CloudError({ kind, code, message, action: 'ec2:Model' });
}

function applyTo(
  world: AwsWorld,
  action: Action,
  { by, lag }: { readonly by: string; readonly lag: number },
): ActionResults[Action['kind']] {
  switch (action.kind) {
    case 'CreateSecurityGroup':
      return createGroup(world, action, by);
    case 'AuthorizeIngress':
      return { rules: authorize(world, action, by) };
    case 'CreateVpcEndpoint':
      return { endpoint: createEndpoint(world, action, by) };
    case 'RevokeIngress':
      revoke(world, action, by);
      return {};
    case 'RevokeEgress':
      revokeEgress(world, action, by);
      return {};
    case 'UpdateRuleDescriptions':
      describeRules(world, action, by);
      return {};
    case 'DeleteSecurityGroup':
      deleteGroup(world, action.groupId, by);
      return {};
    case 'ModifyVpcEndpoint':
      modifyEndpoint(world, action, by);
      return {};
    case 'DeleteVpcEndpoints':
      deleteEndpoints(world, action, by);
      return {};
    case 'CreateTags':
      createTags(world, action, by);
      return {};
    case 'DeleteTags':
      deleteTags(world, action, by);
      return {};
    default:
      return applyToPolicies(world, action, { by, lag });
  }
}

/** True if the tags are those of this link: written out, not asked of the operator's own code. */
export function carriesTagsOf(tags: Tags, owner: OwnerIdentity): boolean {
  return (
    tags['sagemaker.privatelink.dev/cluster'] === owner.clusterId &&
    tags['sagemaker.privatelink.dev/uid'] === owner.uid
  );
}

/** The model's clouds are made for this cluster. */
const clusterOfModel = 'cluster-1';

/** The link before it was made anew: its name, and another UID; of a file one that it is known to have had. */
export function isFormerSelf(tags: Tags, owner: OwnerIdentity): boolean {
  const uid = tags['sagemaker.privatelink.dev/uid'];
  return (
    tags['sagemaker.privatelink.dev/cluster'] === owner.clusterId &&
    tags['sagemaker.privatelink.dev/name'] === owner.name &&
    uid !== undefined &&
    uid !== owner.uid &&
    (owner.formerUids?.includes(uid) ?? true)
  );
}

function answerTo(world: AwsWorld, look: Look, reader: string, lag: number): LookAnswers[LookKind] {
  if (isPolicyLook(look)) return answerToPolicyLook(world, look, viewOf(world, reader, lag));
  switch (look.kind) {
    case 'Caller':
      return {
        account: world.account,
        partition: world.partition,
        arn: `arn:${world.partition}:sts::${world.account}:assumed-role/operator/x`,
      };
    case 'Owned': {
      const { endpoints, groups } = viewOf(world, reader, lag);
      const ours = ({ tags }: { tags: Tags }): boolean => carriesTagsOf(tags, look.owner);
      const before = ({ tags }: { tags: Tags }): boolean => isFormerSelf(tags, look.owner);
      const former = { endpoints: endpoints.filter(before), securityGroups: groups.filter(before) };
      return { endpoints: endpoints.filter(ours), securityGroups: groups.filter(ours), former };
    }
    case 'ClusterHoldings': {
      const { endpoints, groups: securityGroups } = viewOf(world, reader, lag);
      const carries = ({ tags }: { tags: Tags }): boolean =>
        tags['sagemaker.privatelink.dev/cluster'] === clusterOfModel &&
        look.exceptUids?.includes(tags['sagemaker.privatelink.dev/uid'] ?? '') !== true;
      return {
        endpoints: endpoints.filter(carries),
        securityGroups: securityGroups.filter(carries),
      };
    }
    case 'VpcEndpoints':
      return viewOf(world, reader, lag).endpoints.filter(
        (one) => one.vpcId === look.vpcId && look.serviceNames.includes(one.serviceName),
      );
    case 'Vpcs': {
      const { selector } = look;
      return [...world.vpcs.values()].filter(({ id, tags }) =>
        'id' in selector
          ? id === selector.id
          : Object.entries(selector.tags).every(([key, value]) => tags[key] === value),
      );
    }
    case 'VpcDnsAttributes':
      return world.dns.get(look.vpcId) ?? { enableDnsSupport: true, enableDnsHostnames: false };
    case 'Subnets':
    case 'FreeAddresses':
      return [...world.subnets.values()]
        .filter(({ vpcId }) => vpcId === look.vpcId)
        .map((one) => ({ ...one, availableAddresses: freeAddresses(world, one) }));
    case 'SubnetsById':
      return listed(world.subnets, look.ids);
    case 'EndpointServices':
      return listed(world.services, look.names);
    case 'SecurityGroups':
      return listed(world.groups, look.ids).map(({ rules: _unread, ...group }) => group);
    case 'SecurityGroupsByName':
      return [...world.groups.values()].filter(
        ({ vpcId, name }) => vpcId === look.vpcId && name === look.name,
      );
    case 'SecurityGroupUses':
      return look.groupIds.map((id) => usesOf(world, id));
    case 'PrefixLists':
      return listed(world.prefixLists, look.ids);
    case 'NetworkInterfaces':
      return listed(world.interfaces, look.ids);
    case 'ClientServices':
      return viewOf(world, reader, lag)
        .endpoints.filter(
          (one) => one.vpcId === look.vpcId && look.serviceNames.includes(one.serviceName),
        )
        .map(({ serviceName, state, networkInterfaceIds }) => ({
          serviceName,
          state,
          addresses: listed(world.interfaces, networkInterfaceIds).flatMap(
            ({ ipv4 }) => ipv4 ?? [],
          ),
          isPartlyShown: false,
          cidrs: [],
        }));
    default:
      return look satisfies never;
  }
}

function listed<T>(table: ReadonlyMap<string, T>, keys: readonly string[]): readonly T[] {
  return keys.flatMap((key) => table.get(key) ?? []);
}
