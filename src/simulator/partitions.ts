/** A partition of AWS: its regions, and the names that differ from one partition to another. */
export interface Partition {
  readonly id: 'aws' | 'aws-cn' | 'aws-us-gov';
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  /** Parent domain of the SageMaker notebook and studio names (Public Suffix List). */
  readonly sagemakerSuffix: string;
  /** What names of endpoint services begin with, but for `aws.sagemaker.*`. */
  readonly servicePrefix: string;
  /** The one region where IAM has an endpoint service, and the region of IAM's own signatures. */
  readonly iamRegion: string;
  readonly regions: readonly string[];
}

const commercial: Partition = {
  id: 'aws',
  dnsSuffix: 'amazonaws.com',
  dualStackDnsSuffix: 'api.aws',
  sagemakerSuffix: 'sagemaker.aws',
  servicePrefix: 'com.amazonaws',
  iamRegion: 'us-east-1',
  regions: [
    'us-east-1',
    'us-east-2',
    'us-west-1',
    'us-west-2',
    'ca-central-1',
    'sa-east-1',
    'eu-central-1',
    'eu-central-2',
    'eu-north-1',
    'eu-south-1',
    'eu-west-1',
    'eu-west-2',
    'eu-west-3',
    'ap-northeast-1',
    'ap-northeast-2',
    'ap-northeast-3',
    'ap-south-1',
    'ap-southeast-1',
    'ap-southeast-2',
    'me-central-1',
    'il-central-1',
    'af-south-1',
  ],
};

const china: Partition = {
  id: 'aws-cn',
  dnsSuffix: 'amazonaws.com.cn',
  dualStackDnsSuffix: 'api.amazonwebservices.com.cn',
  sagemakerSuffix: 'sagemaker.com.cn',
  servicePrefix: 'cn.com.amazonaws',
  iamRegion: 'cn-north-1',
  regions: ['cn-north-1', 'cn-northwest-1'],
};

const govCloud: Partition = {
  id: 'aws-us-gov',
  dnsSuffix: 'amazonaws.com',
  dualStackDnsSuffix: 'api.aws',
  sagemakerSuffix: 'sagemaker.aws',
  servicePrefix: 'com.amazonaws',
  iamRegion: 'us-gov-west-1',
  regions: ['us-gov-west-1', 'us-gov-east-1'],
};

/** The partition of a region; a region that is not listed counts by the prefix of its name. */
export function partitionOf(region: string): Partition {
  if (region.startsWith('cn-')) return china;
  if (region.startsWith('us-gov-')) return govCloud;
  return commercial;
}

const directions: Readonly<Record<string, string>> = {
  north: 'n',
  south: 's',
  east: 'e',
  west: 'w',
  central: 'c',
  northeast: 'ne',
  northwest: 'nw',
  southeast: 'se',
  southwest: 'sw',
};

/** The short form of a region in zone ids: `use1` of `us-east-1`, `usgw1` of `us-gov-west-1`. */
export function shortRegionOf(region: string): string {
  const parts = region.split('-');
  return parts.map((part) => (part === 'gov' ? 'g' : (directions[part] ?? part))).join('');
}
