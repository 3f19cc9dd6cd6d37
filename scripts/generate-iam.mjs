/**
 * Writes deploy/iam/cloudformation from the JSON documents beside it: the operator's role with its policies,
 * and the role for links in another account. With --check it writes nothing and exits 1 when one is out of
 * date.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';

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
    TargetAccountId: parameter('Another account that links are in. Empty: none.', { Default: '' }),
    TargetRole: parameter('The role there.', { Default: 'sagemaker-privatelink-links' }),
  },
  Conditions: {
    IRSA: isGiven('OIDCProvider'),
    PodIdentity: { 'Fn::Equals': [{ Ref: 'OIDCProvider' }, ''] },
    PrivateDNS: isGiven('VpcId'),
    NotebookAccess: isGiven('NotebookPrincipals'),
    AdoptionAllowed: { 'Fn::Equals': [{ Ref: 'Adoption' }, 'true'] },
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
    AccountName: parameter('What links say in spec.account.', { MinLength: 1 }),
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

const head = '# Generated from the documents in deploy/iam by npm run generate.\n';
let isStale = false;
for (const [name, template] of Object.entries({ operator, 'target-account': targetAccount })) {
  const path = `${folder}/${name}.yaml`;
  const text =
    head + stringify(template, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
  if (existsSync(join(root, path)) && readFileSync(join(root, path), 'utf8') === text) continue;
  isStale = true;
  if (process.argv.includes('--check')) {
    console.error(`${path} is out of date: npm run generate`);
  } else {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
process.exit(isStale && process.argv.includes('--check') ? 1 : 0);
