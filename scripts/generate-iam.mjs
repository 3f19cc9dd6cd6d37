/**
 * Writes deploy/iam/cloudformation from the JSON documents beside it: the operator's role with its policies,
 * the role for links in another account, and the queue of drift events. The pattern of events for the last is
 * written too, from the calls that the operator reads. With --check it writes nothing and exits 1 when one is
 * out of date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { importSource } from './import-source.mjs';

const root = resolve(import.meta.dirname, '..');
const folder = 'deploy/iam/cloudformation';

/** The words of a template for the placeholders of the documents. */
const words = {
  PARTITION: 'AWS::Partition',
  ACCOUNT_ID: 'AWS::AccountId',
  REGION: 'Region',
  SERVICE_PREFIX: 'ServicePrefix',
  CLUSTER_ID: 'ClusterId',
  CLUSTER_NAME: 'ClusterName',
  OIDC_PROVIDER: 'OIDCProvider',
  OPERATOR_ROLE: 'OperatorRole',
  NOTEBOOK_PRINCIPALS: 'NotebookPrincipals',
  NOTEBOOK_POLICIES: 'NotebookPolicies',
  TARGET_ACCOUNT_ID: 'TargetAccountId',
  TARGET_ROLE: 'TargetRole',
  ACCOUNT_NAME: 'AccountName',
  VPC_ID: 'VpcId',
  DRIFT_EVENTS_QUEUE: 'DriftEventsQueue',
};

/**
 * A document with the template's parameters in the place of its placeholders. CloudFormation fills in values
 * alone: a document with a placeholder in a key is given as text, which it takes as well.
 */
function document(file, own = {}) {
  const text = readFileSync(join(root, 'deploy/iam', file), 'utf8');
  const filled = text.replaceAll(/\$\{([A-Z_]+)\}/g, (placeholder, name) => {
    const word = own[name] ?? words[name];
    if (word === undefined) throw new Error(`${file} has the unknown placeholder ${placeholder}`);
    return `\${${word}}`;
  });
  return /\$\{[^}]*\}[^"]*":/.test(filled)
    ? { 'Fn::Sub': filled }
    : substituted(JSON.parse(filled));
}

function substituted(value) {
  if (typeof value === 'string') return value.includes('${') ? { 'Fn::Sub': value } : value;
  if (Array.isArray(value)) return value.map(substituted);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, substituted(one)]));
}

function parameter(Description, more = {}) {
  return { Type: 'String', Description, ...more };
}

const clusterId = parameter(
  "The operator's id in ownership tags: the UID of the namespace kube-system, or --cluster-id.",
  { MinLength: 1 },
);
const region = parameter('Where the links are; * for all regions.', { MinLength: 1 });
const servicePrefix = parameter('The beginning of the names of endpoint services.', {
  Default: 'com.amazonaws',
  AllowedValues: ['com.amazonaws', 'cn.com.amazonaws'],
});
const notebookPrincipals = parameter(
  'For spec.notebookAccess: a name or pattern of the principals that policies may be attached to. Empty: none.',
  { Default: '' },
);
const notebookPolicies = parameter("Names of this cluster's notebook policies.", { Default: '*' });
const vpcId = parameter(
  'For private DNS, which is the default of links: the VPC. Empty: without.',
  {
    Default: '',
  },
);

function managedPolicy(PolicyDocument, Condition, role) {
  return {
    Type: 'AWS::IAM::ManagedPolicy',
    ...(Condition === undefined ? {} : { Condition }),
    Properties: { PolicyDocument, Roles: [{ Ref: role }] },
  };
}

function isGiven(name) {
  return { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: name }, ''] }] };
}

const operator = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'The role of the SageMaker PrivateLink operator of one cluster.',
  Parameters: {
    ClusterId: clusterId,
    ClusterName: parameter('The name of the EKS cluster.', { MinLength: 1 }),
    Region: region,
    ServicePrefix: servicePrefix,
    OperatorRole: parameter('The name of the role.', { Default: 'sagemaker-privatelink-operator' }),
    OIDCProvider: parameter(
      'For IRSA: the issuer of the cluster without https://. Empty: EKS Pod Identity.',
      { Default: '' },
    ),
    VpcId: vpcId,
    NotebookPrincipals: notebookPrincipals,
    NotebookPolicies: notebookPolicies,
    Adoption: parameter('For links with adoption: IfUnowned. Turn it off after the migration.', {
      Default: 'false',
      AllowedValues: ['true', 'false'],
    }),
    DriftEventsQueue: parameter(
      'For --drift-events-queue: the name of the queue. Empty: drift is found by the sweep alone.',
      { Default: '' },
    ),
    TargetAccountId: parameter('Another account that links are in. Empty: none.', { Default: '' }),
    TargetRole: parameter('The role there.', { Default: 'sagemaker-privatelink-links' }),
  },
  Conditions: {
    IRSA: isGiven('OIDCProvider'),
    PodIdentity: { 'Fn::Equals': [{ Ref: 'OIDCProvider' }, ''] },
    PrivateDNS: isGiven('VpcId'),
    NotebookAccess: isGiven('NotebookPrincipals'),
    AdoptionAllowed: { 'Fn::Equals': [{ Ref: 'Adoption' }, 'true'] },
    DriftEvents: isGiven('DriftEventsQueue'),
    OtherAccount: isGiven('TargetAccountId'),
  },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: { Ref: 'OperatorRole' },
        AssumeRolePolicyDocument: {
          'Fn::If': [
            'IRSA',
            document('trust-policy-irsa.json'),
            document('trust-policy-pod-identity.json'),
          ],
        },
      },
    },
    OperatorPolicy: managedPolicy(document('operator-policy.json'), undefined, 'Role'),
    PrivateDNSPolicy: managedPolicy(
      document('operator-private-dns-policy.json'),
      'PrivateDNS',
      'Role',
    ),
    NotebookAccessPolicy: managedPolicy(
      document('operator-notebook-access-policy.json'),
      'NotebookAccess',
      'Role',
    ),
    AdoptionPolicy: managedPolicy(
      document('operator-adoption-policy.json'),
      'AdoptionAllowed',
      'Role',
    ),
    DriftEventsPolicy: managedPolicy(
      document('operator-drift-events-policy.json'),
      'DriftEvents',
      'Role',
    ),
    AssumeRolePolicy: managedPolicy(
      document('operator-assume-role-policy.json'),
      'OtherAccount',
      'Role',
    ),
    PodIdentityAssociation: {
      Type: 'AWS::EKS::PodIdentityAssociation',
      Condition: 'PodIdentity',
      Properties: {
        ClusterName: { Ref: 'ClusterName' },
        Namespace: 'sagemaker-privatelink-system',
        ServiceAccount: 'sagemaker-privatelink-operator',
        RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] },
      },
    },
  },
  Outputs: {
    RoleArn: {
      Description: 'With IRSA the annotation eks.amazonaws.com/role-arn of the service account.',
      Value: { 'Fn::GetAtt': ['Role', 'Arn'] },
    },
  },
};

const targetAccount = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description:
    'The role of the SageMaker PrivateLink operator in another account that links are in.',
  Parameters: {
    OperatorAccountId: parameter("The account of the operator's own role.", {
      AllowedPattern: '[0-9]{12}',
    }),
    OperatorRole: parameter("The name of the operator's own role.", {
      Default: 'sagemaker-privatelink-operator',
    }),
    ClusterId: clusterId,
    AccountName: parameter('The name that links use in spec.account.', { MinLength: 1 }),
    TargetRole: parameter('The name of the role here.', { Default: 'sagemaker-privatelink-links' }),
    Region: region,
    ServicePrefix: servicePrefix,
    VpcId: vpcId,
    NotebookPrincipals: notebookPrincipals,
    NotebookPolicies: notebookPolicies,
  },
  Conditions: {
    PrivateDNS: isGiven('VpcId'),
    NotebookAccess: isGiven('NotebookPrincipals'),
  },
  Resources: {
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: { Ref: 'TargetRole' },
        AssumeRolePolicyDocument: document('trust-policy-target-account.json', {
          ACCOUNT_ID: 'OperatorAccountId',
        }),
      },
    },
    OperatorPolicy: managedPolicy(document('operator-policy.json'), undefined, 'Role'),
    PrivateDNSPolicy: managedPolicy(
      document('operator-private-dns-policy.json'),
      'PrivateDNS',
      'Role',
    ),
    NotebookAccessPolicy: managedPolicy(
      // Its Deny names the role that it is attached to.
      document('operator-notebook-access-policy.json', { OPERATOR_ROLE: 'TargetRole' }),
      'NotebookAccess',
      'Role',
    ),
  },
  Outputs: {
    RoleArn: {
      Description: 'The roleArn of the account in the account map.',
      Value: { 'Fn::GetAtt': ['Role', 'Arn'] },
    },
  },
};

const { driftCallsOf } = await importSource(
  "export { driftCallsOf } from './src/plan/hints/drift-calls.ts';",
);

/** Events that have news for the operator. A call that was refused has changed nothing. */
const pattern = {
  source: ['aws.ec2', 'aws.iam'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: {
    eventSource: ['ec2.amazonaws.com', 'iam.amazonaws.com'],
    eventName: [...driftCallsOf('ec2'), ...driftCallsOf('iam')],
    errorCode: [{ exists: false }],
  },
};

/** A hint of an hour ago is no news: the sweep has been there. */
const hintsLastSeconds = 3600;

const driftEvents = {
  AWSTemplateFormatVersion: '2010-09-09',
  Description: 'A queue with events about changes at AWS, for the SageMaker PrivateLink operator.',
  Parameters: {
    DriftEventsQueue: parameter('The name of the queue, and of the rule that fills it.', {
      Default: 'sagemaker-privatelink-drift-events',
      AllowedPattern: '[A-Za-z0-9_-]{1,60}',
    }),
  },
  Resources: {
    DeadLetters: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: { 'Fn::Sub': '${DriftEventsQueue}-dead-letters' },
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: 1_209_600,
      },
    },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: { Ref: 'DriftEventsQueue' },
        SqsManagedSseEnabled: true,
        MessageRetentionPeriod: hintsLastSeconds,
        VisibilityTimeout: 30,
        RedrivePolicy: {
          deadLetterTargetArn: { 'Fn::GetAtt': ['DeadLetters', 'Arn'] },
          maxReceiveCount: 5,
        },
      },
    },
    QueuePolicy: {
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        Queues: [{ Ref: 'Queue' }],
        PolicyDocument: document('drift-events-queue-policy.json', { REGION: 'AWS::Region' }),
      },
    },
    Rule: {
      Type: 'AWS::Events::Rule',
      DependsOn: 'QueuePolicy',
      Properties: {
        Name: { Ref: 'DriftEventsQueue' },
        Description: 'Calls that can make drift of SageMakerPrivateLinks',
        EventPattern: pattern,
        Targets: [{ Id: 'queue', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }],
      },
    },
  },
  Outputs: {
    QueueUrl: { Description: 'For --drift-events-queue.', Value: { Ref: 'Queue' } },
  },
};

const head = '# Generated from the documents in deploy/iam by npm run generate.\n';
const templates = { operator, 'target-account': targetAccount, 'drift-events': driftEvents };
const wanted = {
  // The module of Terraform reads it too.
  'deploy/iam/drift-events/pattern.json': `${JSON.stringify(pattern, undefined, 2)}\n`,
  ...Object.fromEntries(
    Object.entries(templates).map(([name, template]) => [
      `${folder}/${name}.yaml`,
      head + stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }),
    ]),
  ),
};
let isStale = false;
for (const [path, text] of Object.entries(wanted)) {
  if (existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === text) continue;
  isStale = true;
  if (process.argv.includes('--check')) {
    console.error(`${path} is out of date: npm run generate`);
  } else {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
process.exit(isStale && process.argv.includes('--check') ? 1 : 0);
