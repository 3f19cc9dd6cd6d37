/**
 * What AWS asks IAM for each call that reaches the simulated AWS, as the service authorization
 * reference lists it for EC2 and IAM: the action, each resource, and the condition keys with the
 * values that the call and the resource have at that moment.
 */
import type { AccountControl } from '../../../src/simulator/control/account-control.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import type { FaultableCall } from '../../../src/simulator/faults.ts';
import type { Authorization } from '../../unit/deploy/authorize.ts';

type Tags = Readonly<Record<string, string>>;
type Context = Authorization['context'];

/** Where the calls go: one account, one region. */
export interface World {
  readonly accountId: string;
  readonly region: RegionControl;
  readonly account: AccountControl;
  /** The VPC of all links, as `route53:VPCs` names it. */
  readonly privateDnsVpc: string;
}

/** The questions of one call, asked before it takes effect. Throws for a call that it does not know. */
export function questionsOf(call: FaultableCall, world: World): readonly Authorization[] {
  if (call.service === 'ec2') return new Ec2Call(call, world).questions();
  if (call.service === 'iam') return new IamCall(call, world).questions();
  return stsQuestions(call);
}

function stsQuestions({ action, parameters }: FaultableCall): readonly Authorization[] {
  // AWS answers it to everybody: it needs no permission.
  if (action === 'GetCallerIdentity') return [];
  if (action !== 'AssumeRole') throw new Error(`sts:${action} is not known here`);
  const { RoleArn = '', ExternalId } = parameters;
  const context = ExternalId === undefined ? {} : { 'sts:ExternalId': ExternalId };
  return [
    { action: 'sts:AssumeRole', resource: RoleArn, context },
    // The session tags of EKS Pod Identity are transitive: they come along with the new session.
    { action: 'sts:TagSession', resource: RoleArn, context: {} },
  ];
}

/** Values of a list on the wire: `SubnetId.1`, `SubnetId.2`, ... */
function valuesOf(parameters: FaultableCall['parameters'], name: string): readonly string[] {
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.')}\\.\\d+$`);
  return Object.keys(parameters)
    .filter((key) => pattern.test(key))
    .map((key) => parameters[key] ?? '');
}

/** Tags on the wire: `<prefix>.1.Key` and `<prefix>.1.Value`. */
function tagsAt(parameters: FaultableCall['parameters'], prefix: string): Tags {
  const pattern = new RegExp(`^${prefix.replaceAll('.', '\\.')}\\.(\\d+)\\.Key$`);
  const tags: Record<string, string> = {};
  for (const [name, key] of Object.entries(parameters)) {
    const at = pattern.exec(name)?.[1];
    if (at !== undefined) tags[key] = parameters[`${prefix}.${at}.Value`] ?? '';
  }
  return tags;
}

function tagContext(kind: 'RequestTag' | 'ResourceTag', tags: Tags): Context {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [`aws:${kind}/${key}`, value]),
  );
}

function keyContext(tags: Tags): Context {
  const keys = Object.keys(tags);
  return keys.length === 0 ? {} : { 'aws:TagKeys': keys };
}

class Ec2Call {
  private readonly action: string;
  private readonly parameters: FaultableCall['parameters'];
  private readonly world: World;
  private readonly home: string;

  constructor({ action, parameters, region }: FaultableCall, world: World) {
    this.action = action;
    this.parameters = parameters;
    this.world = world;
    this.home = `arn:aws:ec2:${region}:${world.accountId}`;
  }

  questions(): readonly Authorization[] {
    const { action, parameters } = this;
    if (action === 'DescribeVpcAttribute') return [this.ask(`vpc/${parameters['VpcId']}`)];
    if (action.startsWith('Describe'))
      return [{ action: `ec2:${action}`, resource: '*', context: {} }];
    if (action === 'GetManagedPrefixListEntries') {
      return [this.ask(`prefix-list/${parameters['PrefixListId']}`)];
    }
    switch (action) {
      case 'CreateSecurityGroup':
      case 'CreateVpcEndpoint':
        return this.creation(
          action === 'CreateVpcEndpoint' ? 'vpc-endpoint/*' : 'security-group/*',
        );
      case 'ModifyVpcEndpoint':
        return this.modification();
      case 'DeleteVpcEndpoints':
        return valuesOf(parameters, 'VpcEndpointId').map((id) => this.change(id));
      case 'CreateTags':
      case 'DeleteTags':
        return valuesOf(parameters, 'ResourceId').map((id) => this.tagging(id));
      case 'AuthorizeSecurityGroupIngress':
        return [this.change(this.groupId()), this.ask('security-group-rule/*'), ...this.ruleTags()];
      default:
        return [this.change(this.groupId())];
    }
  }

  private ask(resource: string, context: Context = {}): Authorization {
    return { action: `ec2:${this.action}`, resource: `${this.home}:${resource}`, context };
  }

  private groupId(): string {
    return this.parameters['GroupId'] ?? '';
  }

  private creation(resource: string): readonly Authorization[] {
    const { VpcId, ServiceName } = this.parameters;
    const tags = tagsAt(this.parameters, 'TagSpecification.1.Tag');
    const service = ServiceName === undefined ? {} : { 'ec2:VpceServiceName': ServiceName };
    return [
      this.ask(resource, { ...tagContext('RequestTag', tags), ...service }),
      this.ask(`vpc/${VpcId}`),
      ...this.used(['SubnetId'], ['SecurityGroupId']),
      this.tagsAtCreation(resource, tags),
    ];
  }

  private modification(): readonly Authorization[] {
    const { VpcEndpointId = '', PrivateDnsEnabled } = this.parameters;
    // EC2 asks for it in the operator's name when an endpoint gets private DNS.
    const hosting = {
      action: 'route53:AssociateVPCWithHostedZone',
      resource: 'arn:aws:route53:::hostedzone/Z1',
      context: { 'route53:VPCs': [this.world.privateDnsVpc] },
    };
    return [
      this.change(VpcEndpointId),
      ...this.used(
        ['AddSubnetId', 'RemoveSubnetId'],
        ['AddSecurityGroupId', 'RemoveSecurityGroupId'],
      ),
      ...(PrivateDnsEnabled === 'true' ? [hosting] : []),
    ];
  }

  /** Subnets and groups that an endpoint gets or loses. */
  private used(subnets: readonly string[], groups: readonly string[]): readonly Authorization[] {
    const all = (names: readonly string[]): readonly string[] =>
      names.flatMap((name) => valuesOf(this.parameters, name));
    return [
      ...all(subnets).map((id) => this.ask(`subnet/${id}`)),
      ...all(groups).map((id) => this.ask(`security-group/${id}`, this.tagsOf(id))),
    ];
  }

  private ruleTags(): readonly Authorization[] {
    const tags = tagsAt(this.parameters, 'TagSpecification.1.Tag');
    return Object.keys(tags).length === 0
      ? []
      : [this.tagsAtCreation('security-group-rule/*', tags)];
  }

  /** Tags at creation are asked for on their own, with the action that creates. */
  private tagsAtCreation(resource: string, tags: Tags): Authorization {
    const context = {
      'ec2:CreateAction': this.action,
      ...tagContext('RequestTag', tags),
      ...keyContext(tags),
    };
    return { action: 'ec2:CreateTags', resource: `${this.home}:${resource}`, context };
  }

  private tagging(id: string): Authorization {
    const tags = tagsAt(this.parameters, 'Tag');
    const { action, resource, context } = this.change(id);
    const requested = this.action === 'CreateTags' ? tagContext('RequestTag', tags) : {};
    return { action, resource, context: { ...context, ...requested, ...keyContext(tags) } };
  }

  private change(id: string): Authorization {
    const type = id.startsWith('vpce-') ? 'vpc-endpoint' : 'security-group';
    return this.ask(`${type}/${id}`, this.tagsOf(id));
  }

  private tagsOf(id: string): Context {
    const { region } = this.world;
    const all = [...region.endpoints(), ...region.securityGroups()];
    return tagContext('ResourceTag', all.find((one) => one.id === id)?.tags ?? {});
  }
}

class IamCall {
  private readonly action: string;
  private readonly parameters: FaultableCall['parameters'];
  private readonly world: World;

  constructor({ action, parameters }: FaultableCall, world: World) {
    this.action = action;
    this.parameters = parameters;
    this.world = world;
  }

  questions(): readonly Authorization[] {
    const { action, parameters } = this;
    const { PolicyArn, PolicyName = '', Path = '/' } = parameters;
    if (action === 'ListPolicies') return [this.ask('*')];
    if (action === 'CreatePolicy') return this.creation(this.arn(`policy${Path}${PolicyName}`));
    const principal = this.principal();
    if (principal !== undefined) {
      return [this.ask(principal, PolicyArn === undefined ? {} : { 'iam:PolicyARN': PolicyArn })];
    }
    if (PolicyArn === undefined) throw new Error(`iam:${action} is not known here`);
    return [this.ask(PolicyArn, { ...this.tagsOf(PolicyArn), ...this.requested() })];
  }

  private ask(resource: string, context: Context = {}): Authorization {
    return { action: `iam:${this.action}`, resource, context };
  }

  private arn(resource: string): string {
    return `arn:aws:iam::${this.world.accountId}:${resource}`;
  }

  private principal(): string | undefined {
    const { RoleName, UserName, GroupName } = this.parameters;
    if (RoleName !== undefined) return this.arnOf('role', RoleName);
    if (UserName !== undefined) return this.arnOf('user', UserName);
    return GroupName === undefined ? undefined : this.arnOf('group', GroupName);
  }

  /** With its path, which the call does not name. */
  private arnOf(kind: 'role' | 'user' | 'group', name: string): string {
    const known = this.world.account
      .principals()
      .find((one) => one.kind === kind && one.name === name);
    return known?.arn ?? this.arn(`${kind}/${name}`);
  }

  private creation(resource: string): readonly Authorization[] {
    const tags = tagsAt(this.parameters, 'Tags.member');
    const context = { ...tagContext('RequestTag', tags), ...keyContext(tags) };
    return ['iam:CreatePolicy', 'iam:TagPolicy'].map((action) => ({ action, resource, context }));
  }

  private tagsOf(arn: string): Context {
    // Reads have no conditions on tags.
    if (/^(Get|List)/.test(this.action)) return {};
    const policy = this.world.account.policies().find((one) => one.arn === arn);
    return tagContext('ResourceTag', policy?.tags ?? {});
  }

  private requested(): Context {
    if (this.action === 'TagPolicy') {
      const tags = tagsAt(this.parameters, 'Tags.member');
      return { ...tagContext('RequestTag', tags), ...keyContext(tags) };
    }
    const keys = valuesOf(this.parameters, 'TagKeys.member');
    return keys.length === 0 ? {} : { 'aws:TagKeys': keys };
  }
}
