import { partitionModels } from '../protocol/generated/partition-models.ts';
import { legacyFault } from './faults.ts';

const partitions: readonly string[] = ['*', ...partitionModels.map(({ id }) => id)];

/** Fewer are filled up with wildcards, unless one that is there is empty. */
const colonsOfArn = 5;

/** The beginnings of the resource part of an IAM ARN (IAM's own message names them). */
const iamPaths = [
  'user/',
  'federated-user/',
  'role/',
  'group/',
  'instance-profile/',
  'mfa/',
  'server-certificate/',
  'policy/',
  'sms-mfa/',
  'saml-provider/',
  'oidc-provider/',
  'report/',
  'access-report/',
];

/** `*` or `arn:partition:vendor:region:account:resource`. */
export function resourceFault(resource: string): string | undefined {
  if (resource === '*') return undefined;
  const [arn, partition = '', vendor, region = '*', account = '*', ...rest] = resource.split(':');
  if (arn !== 'arn' || !resource.includes(':')) {
    return `Resource ${resource} must be in ARN format or "*".`;
  }
  if (!partitions.includes(partition)) {
    const whole = ['arn', partition, vendor ?? '*', region, account, rest.join(':') || '*'];
    return `Partition "${partition}" is not valid for resource "${whole.join(':')}".`;
  }
  if (vendor === undefined || /[*?]/.test(vendor)) {
    return 'Resource vendor must be fully qualified and cannot contain regexes.';
  }
  if (vendor === 'iam') return iamFault(resource, region, rest.join(':'));
  const isCutShort = rest.length === 0 && resource.split(':').length <= colonsOfArn;
  return vendor === '' || (isCutShort && resource.includes('::')) ? legacyFault : undefined;
}

/** IAM has no regions, and a fixed set of resources. */
function iamFault(resource: string, region: string, path: string): string | undefined {
  if (region !== '') return `IAM resource ${resource} cannot contain region information.`;
  if (path === '*' || iamPaths.some((start) => path.startsWith(start))) return undefined;
  return `IAM resource path must either be "*" or start with ${iamPaths.join(', ')}.`;
}
