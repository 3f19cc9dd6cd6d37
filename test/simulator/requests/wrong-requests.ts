/** Requests that AWS refuses, and the code of its refusal by what AWS's references say of it. */

/** Ids of the world that `wrong-requests.test.ts` makes, in place of `<name>`. */
export interface WrongRequest {
  readonly what: string;
  /** EC2 where it is not given. */
  readonly service?: 'ec2' | 'iam' | 'sts';
  /** Parameters as on the wire. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly code: string;
}

const unknown = '0123456789abcdef0';
const api = 'com.amazonaws.us-east-1.sagemaker.api';
const runtime = 'com.amazonaws.us-east-1.sagemaker.runtime';
const deny = '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}';
const twice = deny.replace('{"Effect":"Deny"', '{"Effect":"Allow","Effect":"Deny"');
const trust = '{"Statement":{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"}}}';

/** `name.1`, `name.2`, ... */
function numbered(name: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value, index) => [`${name}.${index + 1}`, value]));
}

function times(count: number, text: (index: number) => string): string[] {
  return Array.from({ length: count }, (_, index) => text(index));
}

function filter(name: string, ...values: readonly string[]): Record<string, string> {
  return { 'Filter.1.Name': name, ...numbered('Filter.1.Value', values) };
}

function rule(fields: Readonly<Record<string, string>>): Record<string, string> {
  const usual = { IpProtocol: 'tcp', FromPort: '443', ToPort: '443', ...fields };
  return Object.fromEntries(
    Object.entries(usual)
      .filter(([, value]) => value !== '')
      .map(([name, value]) => [`IpPermissions.1.${name}`, value]),
  );
}

/** EC2 API reference: "Common client error codes", "Common query parameters", "Pagination". */
const common: readonly WrongRequest[] = [
  { what: 'no action', parameters: {}, code: 'MissingAction' },
  { what: 'an action that is none', parameters: { Action: 'DescribeVpc' }, code: 'InvalidAction' },
  {
    what: 'a parameter that is none',
    parameters: { Action: 'DescribeVpcs', VpcIds: 'vpc-1' },
    code: 'UnknownParameter',
  },
  // Taken for nothing, they would answer with everything, or do nothing and say that it is done.
  ...(
    [
      ['a list without a number', { Action: 'DescribeVpcs', VpcId: '<vpc>' }],
      ['filters without a number', { Action: 'DescribeVpcs', Filter: 'vpc-id' }],
      ['a filter that is a text', { Action: 'DescribeVpcs', 'Filter.1': 'vpc-id' }],
      [
        'values of a filter without a number',
        { Action: 'DescribeVpcs', 'Filter.1.Name': 'vpc-id', 'Filter.1.Value': '<vpc>' },
      ],
      [
        'resources to tag without a number',
        { Action: 'CreateTags', ResourceId: '<vpc>', 'Tag.1.Key': 'a', 'Tag.1.Value': 'b' },
      ],
      ['a part of what has none', { Action: 'DeleteVpc', 'VpcId.1': '<vpc>' }],
    ] as const
  ).map(([what, parameters]) => ({ what, parameters, code: 'UnknownParameter' })),
  {
    what: 'a dry run',
    parameters: { Action: 'CreateVpc', CidrBlock: '10.0.0.0/16', DryRun: 'true' },
    code: 'DryRunOperation',
  },
  {
    what: 'a boolean that is none',
    parameters: { Action: 'CreateVpc', CidrBlock: '10.0.0.0/16', DryRun: 'maybe' },
    code: 'InvalidParameterValue',
  },
  {
    what: 'more than 200 values of filters',
    parameters: { Action: 'DescribeVpcs', ...filter('vpc-id', ...times(201, (i) => `vpc-${i}`)) },
    code: 'FilterLimitExceeded',
  },
  {
    what: 'a filter that is none',
    parameters: { Action: 'DescribeVpcs', ...filter('colour', 'red') },
    code: 'InvalidParameterValue',
  },
  {
    what: 'a page that is too small',
    parameters: { Action: 'DescribeVpcs', MaxResults: '4' },
    code: 'InvalidParameterValue',
  },
  {
    what: 'a page beside ids',
    parameters: { Action: 'DescribeVpcs', MaxResults: '5', 'VpcId.1': '<vpc>' },
    code: 'InvalidParameterCombination',
  },
  {
    what: 'a token of no page',
    parameters: { Action: 'DescribeVpcs', NextToken: 'next' },
    code: 'InvalidNextToken',
  },
];

/** EC2 API reference: "Client error codes for specific actions", "Malformed" and "NotFound". */
const ids: readonly WrongRequest[] = [
  ...(
    [
      ['DeleteVpc', 'VpcId', 'vpc', 'InvalidVpcID'],
      ['DeleteSubnet', 'SubnetId', 'subnet', 'InvalidSubnetID'],
      ['DescribeVpcEndpoints', 'VpcEndpointId.1', 'vpce', 'InvalidVpcEndpointId'],
      ['ModifyVpcEndpoint', 'VpcEndpointId', 'vpce', 'InvalidVpcEndpointId'],
      ['DescribeSecurityGroupRules', 'SecurityGroupRuleId.1', 'sgr', 'InvalidSecurityGroupRuleId'],
    ] as const
  ).flatMap(([Action, name, prefix, stem]) => [
    {
      what: `${Action} of an id of another form`,
      parameters: { Action, [name]: `${prefix}-x` },
      code: `${stem}.Malformed`,
    },
    {
      what: `${Action} of an id that nothing has`,
      parameters: { Action, [name]: `${prefix}-${unknown}` },
      code: `${stem}.NotFound`,
    },
  ]),
  ...(
    [
      ['DeleteSecurityGroup', 'GroupId', 'sg', 'InvalidGroupId.Malformed', 'InvalidGroup.NotFound'],
      [
        'DescribeNetworkInterfaces',
        'NetworkInterfaceId.1',
        'eni',
        'InvalidNetworkInterfaceId.Malformed',
        'InvalidNetworkInterfaceID.NotFound',
      ],
      [
        'DescribeManagedPrefixLists',
        'PrefixListId.1',
        'pl',
        'InvalidPrefixListId.Malformed',
        'InvalidPrefixListID.NotFound',
      ],
      [
        'AcceptVpcPeeringConnection',
        'VpcPeeringConnectionId',
        'pcx',
        'InvalidVpcPeeringConnectionId.Malformed',
        'InvalidVpcPeeringConnectionID.NotFound',
      ],
    ] as const
  ).flatMap(([Action, name, prefix, malformed, notFound]) => [
    {
      what: `${Action} of an id of another form`,
      parameters: { Action, [name]: `${prefix}-x` },
      code: malformed,
    },
    {
      what: `${Action} of an id that nothing has`,
      parameters: { Action, [name]: `${prefix}-${unknown}` },
      code: notFound,
    },
  ]),
  {
    what: 'tags for an id of no resource',
    parameters: { Action: 'CreateTags', 'ResourceId.1': 'thing-1', 'Tag.1.Key': 'a' },
    code: 'InvalidID',
  },
];

/** EC2 API reference: error codes, CreateVpc, CreateSubnet, ModifyVpcAttribute, CreateTags. */
const networks: readonly WrongRequest[] = [
  { what: 'a VPC without a block', parameters: { Action: 'CreateVpc' }, code: 'MissingParameter' },
  {
    what: 'a VPC that is too large',
    parameters: { Action: 'CreateVpc', CidrBlock: '10.0.0.0/8' },
    code: 'InvalidVpc.Range',
  },
  {
    what: 'a VPC of no block',
    parameters: { Action: 'CreateVpc', CidrBlock: '10.0.0.0' },
    code: 'InvalidParameterValue',
  },
  {
    what: 'deleting a VPC that is used',
    parameters: { Action: 'DeleteVpc', VpcId: '<vpc>' },
    code: 'DependencyViolation',
  },
  {
    what: 'two attributes of a VPC at once',
    parameters: {
      Action: 'ModifyVpcAttribute',
      VpcId: '<vpc>',
      'EnableDnsSupport.Value': 'true',
      'EnableDnsHostnames.Value': 'true',
    },
    code: 'InvalidParameterCombination',
  },
  {
    what: 'an attribute of a VPC that is none',
    parameters: { Action: 'DescribeVpcAttribute', VpcId: '<vpc>', Attribute: 'colour' },
    code: 'InvalidParameterValue',
  },
  {
    what: 'a subnet that overlaps another',
    parameters: { Action: 'CreateSubnet', VpcId: '<vpc>', CidrBlock: '172.31.0.0/24' },
    code: 'InvalidSubnet.Conflict',
  },
  {
    what: 'a subnet outside of its VPC',
    parameters: { Action: 'CreateSubnet', VpcId: '<vpc>', CidrBlock: '10.0.0.0/24' },
    code: 'InvalidSubnet.Range',
  },
  {
    what: 'a subnet that is too small',
    parameters: { Action: 'CreateSubnet', VpcId: '<vpc>', CidrBlock: '172.31.200.0/29' },
    code: 'InvalidSubnet.Range',
  },
  {
    what: 'a subnet in a zone that is none',
    parameters: {
      Action: 'CreateSubnet',
      VpcId: '<vpc>',
      CidrBlock: '172.31.200.0/24',
      AvailabilityZone: 'us-east-1x',
    },
    code: 'InvalidParameterValue',
  },
  {
    what: 'deleting a subnet with an endpoint',
    parameters: { Action: 'DeleteSubnet', SubnetId: '<subnet>' },
    code: 'DependencyViolation',
  },
  {
    what: 'a zone that is none',
    parameters: { Action: 'DescribeAvailabilityZones', 'ZoneName.1': 'us-east-1x' },
    code: 'InvalidParameterValue',
  },
  {
    what: 'a tag of AWS',
    parameters: { Action: 'CreateTags', 'ResourceId.1': '<vpc>', 'Tag.1.Key': 'aws:a' },
    code: 'InvalidParameterValue',
  },
  {
    what: 'more than 50 tags',
    parameters: {
      Action: 'CreateTags',
      'ResourceId.1': '<vpc>',
      ...Object.fromEntries(times(51, (i) => `Tag.${i + 1}.Key`).map((name, i) => [name, `k${i}`])),
    },
    code: 'TagLimitExceeded',
  },
  {
    what: 'a second peering of two VPCs',
    parameters: { Action: 'CreateVpcPeeringConnection', VpcId: '<vpc>', PeerVpcId: '<peered>' },
    code: 'VpcPeeringConnectionAlreadyExists',
  },
];

/** EC2 API reference: error codes, the actions of security groups; Amazon VPC quotas. */
const groups: readonly WrongRequest[] = [
  {
    what: 'a group without a description',
    parameters: { Action: 'CreateSecurityGroup', GroupName: 'g', VpcId: '<vpc>' },
    code: 'MissingParameter',
  },
  ...(
    [
      ['of a name that is taken', 'taken', 'd', 'InvalidGroup.Duplicate'],
      ['of a name that is reserved', 'default', 'd', 'InvalidGroup.Reserved'],
      ['of a name like an id', 'sg-mine', 'd', 'InvalidParameterValue'],
      ['of a description beyond ASCII', 'g', 'für', 'InvalidParameterValue'],
    ] as const
  ).map(([what, GroupName, GroupDescription, code]) => ({
    what: `a group ${what}`,
    parameters: { Action: 'CreateSecurityGroup', VpcId: '<vpc>', GroupName, GroupDescription },
    code,
  })),
  {
    what: 'deleting the default group',
    parameters: { Action: 'DeleteSecurityGroup', GroupId: '<defaultGroup>' },
    code: 'CannotDelete',
  },
  {
    what: 'deleting a group that an interface has',
    parameters: { Action: 'DeleteSecurityGroup', GroupId: '<group>' },
    code: 'DependencyViolation',
  },
  {
    what: 'deleting no group',
    parameters: { Action: 'DeleteSecurityGroup' },
    code: 'MissingParameter',
  },
  ...(
    [
      ['that is there', { 'IpRanges.1.CidrIp': '10.0.0.0/8' }, 'InvalidPermission.Duplicate'],
      [
        'without ports',
        { 'IpRanges.1.CidrIp': '10.1.0.0/16', FromPort: '', ToPort: '' },
        'InvalidParameterValue',
      ],
      ['of no block', { 'IpRanges.1.CidrIp': '10.1.0.0' }, 'InvalidParameterValue'],
      [
        'of ports the wrong way round',
        { 'IpRanges.1.CidrIp': '10.1.0.0/16', FromPort: '444' },
        'InvalidParameterValue',
      ],
      [
        'of no protocol',
        { 'IpRanges.1.CidrIp': '10.1.0.0/16', IpProtocol: 'http' },
        'InvalidParameterValue',
      ],
      [
        'of a description that is too odd',
        { 'IpRanges.1.CidrIp': '10.1.0.0/16', 'IpRanges.1.Description': '<b>' },
        'InvalidParameterValue',
      ],
      [
        'of a group that nothing has',
        { 'Groups.1.GroupId': `sg-${unknown}` },
        'InvalidGroup.NotFound',
      ],
      [
        'of a group of a VPC that is not peered',
        { 'Groups.1.GroupId': '<distantGroup>' },
        'InvalidGroup.NotFound',
      ],
      [
        'of a prefix list that nothing has',
        { 'PrefixListIds.1.PrefixListId': `pl-${unknown}` },
        'InvalidPrefixListID.NotFound',
      ],
      [
        'and 60 more',
        Object.fromEntries(
          times(61, (i) => `10.2.${i}.0/24`).map((cidr, i) => [`IpRanges.${i + 1}.CidrIp`, cidr]),
        ),
        'RulesPerSecurityGroupLimitExceeded',
      ],
    ] as const
  ).map(([what, fields, code]) => ({
    what: `a rule ${what}`,
    parameters: { Action: 'AuthorizeSecurityGroupIngress', GroupId: '<group>', ...rule(fields) },
    code,
  })),
  {
    what: 'revoking what is not there, in a VPC that is no default one',
    parameters: {
      Action: 'RevokeSecurityGroupIngress',
      GroupId: '<distantGroup>',
      ...rule({ 'IpRanges.1.CidrIp': '10.1.0.0/16' }),
    },
    code: 'InvalidPermission.NotFound',
  },
  {
    what: 'revoking a rule of another group',
    parameters: {
      Action: 'RevokeSecurityGroupIngress',
      GroupId: '<distantGroup>',
      'SecurityGroupRuleId.1': '<rule>',
    },
    code: 'InvalidSecurityGroupRuleId.NotFound',
  },
  {
    what: 'rules by the VPC of their group',
    parameters: { Action: 'DescribeSecurityGroupRules', ...filter('vpc-id', '<vpc>') },
    code: 'InvalidParameterValue',
  },
];

const endpoint = {
  Action: 'CreateVpcEndpoint',
  VpcEndpointType: 'Interface',
  VpcId: '<vpc>',
  ServiceName: runtime,
};

/** EC2 API reference: error codes, CreateVpcEndpoint; AWS PrivateLink guide; field reports. */
const endpoints: readonly WrongRequest[] = [
  ...(
    [
      [
        'of a service that is none',
        { ServiceName: 'com.amazonaws.us-east-1.colour' },
        'InvalidServiceName',
      ],
      ['of a type that is none', { VpcEndpointType: 'Bridge' }, 'InvalidVpcEndpointType'],
      ['of a type that the service has not', { VpcEndpointType: 'Gateway' }, 'InvalidParameter'],
      ['in a VPC that nothing is', { VpcId: `vpc-${unknown}` }, 'InvalidVpcID.NotFound'],
      [
        'in two subnets of a zone',
        numbered('SubnetId', ['<subnet>', '<sameZone>']),
        'DuplicateSubnetsInSameZone',
      ],
      [
        'in a subnet that nothing is',
        { 'SubnetId.1': `subnet-${unknown}` },
        'InvalidSubnetId.NotFound',
      ],
      ['in a subnet of another form', { 'SubnetId.1': 'subnet-x' }, 'InvalidSubnetID.Malformed'],
      ['in a subnet of another VPC', { 'SubnetId.1': '<distantSubnet>' }, 'InvalidParameter'],
      [
        'in a subnet without a free address',
        { 'SubnetId.1': '<fullSubnet>' },
        'InsufficientFreeAddressesInSubnet',
      ],
      [
        'with a group that nothing is',
        { 'SecurityGroupId.1': `sg-${unknown}` },
        'InvalidGroup.NotFound',
      ],
      [
        'with six groups',
        numbered(
          'SecurityGroupId',
          times(6, (i) => `<group${i}>`),
        ),
        'SecurityGroupsPerInterfaceLimitExceeded',
      ],
      ['with a policy that is no JSON', { PolicyDocument: '{' }, 'InvalidPolicyDocument'],
      [
        'with private names that another has',
        { ServiceName: api, PrivateDnsEnabled: 'true' },
        'InvalidParameter',
      ],
      [
        'with private names in a VPC without',
        { VpcId: '<distantVpc>', PrivateDnsEnabled: 'true' },
        'InvalidParameter',
      ],
      ['with a token of another request', { ClientToken: 'used' }, 'IdempotentParameterMismatch'],
      ['with a token that is too long', { ClientToken: 't'.repeat(65) }, 'InvalidParameterValue'],
      [
        'with tags for something else',
        { 'TagSpecification.1.ResourceType': 'vpc', 'TagSpecification.1.Tag.1.Key': 'a' },
        'InvalidParameterValue',
      ],
      ['as a dry run', { DryRun: 'true' }, 'DryRunOperation'],
    ] as const
  ).map(([what, fields, code]) => ({
    what: `an endpoint ${what}`,
    parameters: { ...endpoint, ...fields },
    code,
  })),
  {
    what: 'an endpoint for a route table of another form',
    parameters: {
      Action: 'CreateVpcEndpoint',
      VpcId: '<vpc>',
      ServiceName: 'com.amazonaws.us-east-1.s3',
      'RouteTableId.1': 'rtb-x',
    },
    code: 'InvalidRouteTableId.Malformed',
  },
  {
    what: 'endpoints without a VPC',
    parameters: { Action: 'CreateVpcEndpoint', ServiceName: runtime },
    code: 'MissingParameter',
  },
  {
    what: 'services of which one is none',
    parameters: { Action: 'DescribeVpcEndpointServices', 'ServiceName.1': 'colour' },
    code: 'InvalidServiceName',
  },
  {
    what: 'another subnet of a zone',
    parameters: {
      Action: 'ModifyVpcEndpoint',
      VpcEndpointId: '<endpoint>',
      'AddSubnetId.1': '<sameZone>',
    },
    code: 'DuplicateSubnetsInSameZone',
  },
];

const policyArn = '<policy>';

/** IAM API reference, the errors of each action; IAM user guide, quotas. */
const access: readonly WrongRequest[] = (
  [
    ['a role that nobody has', { Action: 'GetRole', RoleName: 'nobody' }, 'NoSuchEntity'],
    ['a name with a slash', { Action: 'GetRole', RoleName: 'a/b' }, 'ValidationError'],
    ['a name that is too long', { Action: 'GetRole', RoleName: 'r'.repeat(65) }, 'ValidationError'],
    ['a role without trust', { Action: 'CreateRole', RoleName: 'r' }, 'ValidationError'],
    [
      'a role of a name that is taken',
      { Action: 'CreateRole', RoleName: 'SOMEBODY', AssumeRolePolicyDocument: trust },
      'EntityAlreadyExists',
    ],
    [
      'a role of a trust without principal',
      { Action: 'CreateRole', RoleName: 'r', AssumeRolePolicyDocument: deny },
      'MalformedPolicyDocument',
    ],
    [
      'sessions that are too long',
      { Action: 'UpdateRole', RoleName: 'somebody', MaxSessionDuration: '43201' },
      'ValidationError',
    ],
    [
      'deleting a role with policies',
      { Action: 'DeleteRole', RoleName: 'somebody' },
      'DeleteConflict',
    ],
    [
      'a policy of a name that is taken',
      { Action: 'CreatePolicy', PolicyName: 'p', Path: '/x/', PolicyDocument: deny },
      'EntityAlreadyExists',
    ],
    [
      'a policy that is no JSON',
      { Action: 'CreatePolicy', PolicyName: 'q', PolicyDocument: '{' },
      'MalformedPolicyDocument',
    ],
    [
      'a policy that is too long',
      {
        Action: 'CreatePolicy',
        PolicyName: 'q',
        PolicyDocument: deny.replace('"*"', JSON.stringify(times(700, (i) => `s3:Get${i}`))),
      },
      'LimitExceeded',
    ],
    [
      'a policy of a path without end',
      { Action: 'CreatePolicy', PolicyName: 'q', Path: '/x', PolicyDocument: deny },
      'ValidationError',
    ],
    [
      'a sixth version',
      { Action: 'CreatePolicyVersion', PolicyArn: policyArn, PolicyDocument: deny },
      'LimitExceeded',
    ],
    [
      'a version that is none',
      { Action: 'GetPolicyVersion', PolicyArn: policyArn, VersionId: 'v9' },
      'NoSuchEntity',
    ],
    [
      'deleting the default version',
      { Action: 'DeletePolicyVersion', PolicyArn: policyArn, VersionId: 'v1' },
      'DeleteConflict',
    ],
    [
      'deleting a policy that is attached',
      { Action: 'DeletePolicy', PolicyArn: policyArn },
      'DeleteConflict',
    ],
    [
      'a policy that nothing is',
      { Action: 'GetPolicy', PolicyArn: 'arn:aws:iam::111122223333:policy/none' },
      'NoSuchEntity',
    ],
    [
      'a policy of no ARN',
      { Action: 'GetPolicy', PolicyArn: 'not-an-arn-but-long-enough' },
      'ValidationError',
    ],
    [
      'attaching what nothing is',
      {
        Action: 'AttachRolePolicy',
        RoleName: 'somebody',
        PolicyArn: 'arn:aws:iam::111122223333:policy/none',
      },
      'NoSuchEntity',
    ],
    [
      'attaching to a role of AWS',
      { Action: 'AttachRolePolicy', RoleName: 'AWSServiceRoleForX', PolicyArn: policyArn },
      'UnmodifiableEntity',
    ],
    [
      'detaching what is not attached',
      { Action: 'DetachUserPolicy', UserName: 'ann', PolicyArn: policyArn },
      'NoSuchEntity',
    ],
    [
      'a role with a tag of AWS',
      {
        Action: 'TagRole',
        RoleName: 'somebody',
        'Tags.member.1.Key': 'aws:a',
        'Tags.member.1.Value': '',
      },
      'InvalidInput',
    ],
    [
      'tags that are not members',
      { Action: 'TagRole', RoleName: 'somebody', 'Tags.1.Key': 'a', 'Tags.1.Value': 'b' },
      'UnknownParameter',
    ],
    [
      'a document that says something twice',
      { Action: 'CreatePolicy', PolicyName: 'twice', PolicyDocument: twice },
      'MalformedPolicyDocument',
    ],
    ['a page of nothing', { Action: 'ListRoles', MaxItems: '0' }, 'ValidationError'],
    ['a marker of no page', { Action: 'ListRoles', Marker: 'next' }, 'ValidationError'],
    [
      'policies of a scope that is none',
      { Action: 'ListPolicies', Scope: 'Mine' },
      'ValidationError',
    ],
    [
      'an inline policy that is none',
      { Action: 'GetRolePolicy', RoleName: 'somebody', PolicyName: 'none' },
      'NoSuchEntity',
    ],
    [
      'a boundary that nothing is',
      {
        Action: 'PutUserPermissionsBoundary',
        UserName: 'ann',
        PermissionsBoundary: 'arn:aws:iam::111122223333:policy/none',
      },
      'NoSuchEntity',
    ],
    [
      'a group of nobody',
      { Action: 'AddUserToGroup', UserName: 'nobody', GroupName: 'none' },
      'NoSuchEntity',
    ],
  ] as const
).map(([what, parameters, code]) => ({ what, parameters, code, service: 'iam' as const }));

const assume = {
  Action: 'AssumeRole',
  RoleArn: 'arn:aws:iam::111122223333:role/somebody',
  RoleSessionName: 'session',
};

/** STS API reference, the errors of AssumeRole; IAM user guide, role chaining. */
const sessions: readonly WrongRequest[] = (
  [
    [
      'of a role that nobody has',
      { RoleArn: 'arn:aws:iam::111122223333:role/nobody' },
      'AccessDenied',
    ],
    ['of no role', { RoleArn: 'arn:aws:iam::111122223333:user/ann' }, 'ValidationError'],
    ['of a name with a blank', { RoleSessionName: 'a b' }, 'ValidationError'],
    ['of ten minutes', { DurationSeconds: '600' }, 'ValidationError'],
    ['longer than its role says', { DurationSeconds: '3601' }, 'ValidationError'],
    ['with an external id of one character', { ExternalId: 'x' }, 'ValidationError'],
    ['with a policy that is no JSON', { Policy: '{' }, 'MalformedPolicyDocument'],
    [
      'with a policy that is too long',
      { Policy: deny.replace('"*"', JSON.stringify(times(300, (i) => `s3:Get${i}`))) },
      'PackedPolicyTooLarge',
    ],
  ] as const
).map(([what, fields, code]) => ({
  what: `a session ${what}`,
  parameters: { ...assume, ...fields },
  code,
  service: 'sts' as const,
}));

export const wrongRequests: readonly WrongRequest[] = [
  ...common,
  ...ids,
  ...networks,
  ...groups,
  ...endpoints,
  ...access,
  ...sessions,
];
