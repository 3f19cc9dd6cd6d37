/**
 * Permissions to change things at EC2, asked by its own dry runs: AWS checks the permission with
 * every condition of every policy, and does nothing.
 */
import type { Tags } from '../../plan/facts.ts';
import { tagOnCreate, tagsToSdk } from '../client/tags.ts';
import type { AwsAction, AwsTransport, InputOf } from '../client/operations.ts';
import { toCloudError } from '../client/to-cloud-error.ts';
import type { PermissionAnswer } from './permission-answer.ts';

/** Real resources to ask with: AWS's answer about one that does not exist says nothing. */
export interface DryRunSubjects {
  readonly vpcId?: string;
  readonly subnetId?: string;
  readonly serviceName: string;
  /** Groups of the spec, where it lists them: then the link makes none of its own. */
  readonly listedGroupIds?: readonly string[];
  /** The link's own group, with one of its ingress rules. */
  readonly group?: { readonly id: string; readonly ruleId?: string };
  /** The link's own endpoint. */
  readonly endpointId?: string;
  /** Ownership tags of the link; policies are bound to them. */
  readonly tags: Tags;
}

type Ec2Action = Extract<AwsAction, `ec2:${string}`>;

interface Question<A extends Ec2Action = Ec2Action> {
  readonly action: A;
  /** Undefined where the resource is missing that it is asked about. */
  readonly input: InputOf<A> | undefined;
  readonly missing: string;
}

/** Asks about every change of EC2 that a link may need. Throws only when the signal aborts. */
export async function askByDryRun(
  transport: AwsTransport,
  subjects: DryRunSubjects,
  signal: AbortSignal,
): Promise<readonly PermissionAnswer[]> {
  const answers: PermissionAnswer[] = [];
  // One by one: AWS's rate for changes of endpoints is low, and nobody else is waiting.
  for (const question of questions(subjects)) answers.push(await ask(transport, question, signal));
  return answers;
}

async function ask(
  transport: AwsTransport,
  { action, input, missing }: Question,
  signal: AbortSignal,
): Promise<PermissionAnswer> {
  if (input === undefined) {
    return {
      action,
      answer: 'unknown',
      message: `AWS answers this only about ${missing}, and there is none yet`,
    };
  }
  try {
    await transport.send(action, { ...input, DryRun: true }, { signal });
  } catch (thrown) {
    signal.throwIfAborted();
    const { code, kind, message } = toCloudError(action, thrown, signal);
    if (code === 'DryRunOperation') return { action, answer: 'allowed', message: 'allowed' };
    return { action, answer: kind === 'Denied' ? 'denied' : 'unknown', message };
  }
  // EC2 answers every dry run with an error: whoever says yes has not understood the question.
  return { action, answer: 'unknown', message: 'the dry run was answered as if it were none' };
}

function questions(subjects: DryRunSubjects): readonly Question[] {
  return [...groupQuestions(subjects), ...endpointQuestions(subjects), ...tagQuestions(subjects)];
}

function question<A extends Ec2Action>(
  action: A,
  missing: string,
  input: InputOf<A> | undefined,
): Question {
  return { action, missing, input } as Question;
}

/** An address block of documentation (RFC 5737): the dry run opens nothing. */
const exampleSource = { IpRanges: [{ CidrIp: '192.0.2.0/24' }] };
const httpsIn = { IpProtocol: 'tcp', FromPort: 443, ToPort: 443 };

const ofGroup = "the link's security group";

/** A link to listed groups may still have one of its own to delete. */
function groupQuestions(subjects: DryRunSubjects): readonly Question[] {
  const { vpcId, group, listedGroupIds, tags } = subjects;
  const deletion = question(
    'ec2:DeleteSecurityGroup',
    ofGroup,
    group === undefined ? undefined : { GroupId: group.id },
  );
  if (listedGroupIds !== undefined) return group === undefined ? [] : [deletion];
  return [
    question(
      'ec2:CreateSecurityGroup',
      'the VPC',
      vpcId === undefined
        ? undefined
        : {
            GroupName: 'sagemaker-privatelink-doctor',
            Description: 'dry run',
            VpcId: vpcId,
            ...tagOnCreate('security-group', tags),
          },
    ),
    ...ruleQuestions(subjects),
    deletion,
  ];
}

function ruleQuestions({ group, tags }: DryRunSubjects): readonly Question[] {
  const ofRule = "a rule of the link's security group";
  const { id: GroupId, ruleId } = group ?? {};
  const rule = GroupId === undefined || ruleId === undefined ? undefined : { GroupId, ruleId };
  return [
    question(
      'ec2:AuthorizeSecurityGroupIngress',
      ofGroup,
      GroupId === undefined
        ? undefined
        : {
            GroupId,
            IpPermissions: [{ ...httpsIn, ...exampleSource }],
            ...tagOnCreate('security-group-rule', tags),
          },
    ),
    question(
      'ec2:RevokeSecurityGroupIngress',
      ofRule,
      rule === undefined
        ? undefined
        : { GroupId: rule.GroupId, SecurityGroupRuleIds: [rule.ruleId] },
    ),
    question(
      'ec2:RevokeSecurityGroupEgress',
      ofGroup,
      GroupId === undefined
        ? undefined
        : { GroupId, IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }] },
    ),
    question(
      'ec2:UpdateSecurityGroupRuleDescriptionsIngress',
      ofRule,
      rule === undefined
        ? undefined
        : {
            GroupId: rule.GroupId,
            SecurityGroupRuleDescriptions: [{ SecurityGroupRuleId: rule.ruleId, Description: '' }],
          },
    ),
  ];
}

function endpointQuestions(subjects: DryRunSubjects): readonly Question[] {
  const { vpcId, subnetId, serviceName, group, listedGroupIds, endpointId, tags } = subjects;
  const groupIds = listedGroupIds ?? (group === undefined ? undefined : [group.id]);
  const ofEndpoint = 'an endpoint of the link';
  return [
    question(
      'ec2:CreateVpcEndpoint',
      'the VPC and a subnet',
      vpcId === undefined || subnetId === undefined
        ? undefined
        : {
            VpcEndpointType: 'Interface',
            VpcId: vpcId,
            ServiceName: serviceName,
            SubnetIds: [subnetId],
            PrivateDnsEnabled: false,
            ...(groupIds === undefined ? {} : { SecurityGroupIds: [...groupIds] }),
            ...tagOnCreate('vpc-endpoint', tags),
          },
    ),
    question(
      'ec2:ModifyVpcEndpoint',
      ofEndpoint,
      endpointId === undefined ? undefined : { VpcEndpointId: endpointId, PrivateDnsEnabled: true },
    ),
    question(
      'ec2:DeleteVpcEndpoints',
      ofEndpoint,
      endpointId === undefined ? undefined : { VpcEndpointIds: [endpointId] },
    ),
  ];
}

/** A tag that is nobody's: the owner's own tags may be closed to changes. */
const exampleTag = { 'sagemaker-privatelink-doctor': 'dry run' };

function tagQuestions({ endpointId, group }: DryRunSubjects): readonly Question[] {
  const resource = endpointId ?? group?.id;
  const missing = 'a resource of the link';
  return [
    question(
      'ec2:CreateTags',
      missing,
      resource === undefined ? undefined : { Resources: [resource], Tags: tagsToSdk(exampleTag) },
    ),
    question(
      'ec2:DeleteTags',
      missing,
      resource === undefined
        ? undefined
        : { Resources: [resource], Tags: [{ Key: Object.keys(exampleTag)[0] ?? '' }] },
    ),
  ];
}
