import type { PartitionId, PartitionModel } from './partition-model.ts';
import { partitionModels } from './protocol/generated/partition-models.ts';

/** A partition of AWS: its regions, and the names that differ from one partition to another. */
export interface Partition extends PartitionModel {
  /** Parent domain of the SageMaker notebook and studio names (Public Suffix List). */
  readonly sagemakerSuffix: string;
  /** The beginning of some endpoint services' names. */
  readonly ownPrefix: string;
  /** Services with that prefix; all others begin with `com.amazonaws`. */
  readonly prefixed: readonly string[];
  /** The one region where IAM has an endpoint service; undefined where none is known. */
  readonly iamRegion?: string;
  /** Whether notebook and studio have endpoint services there, as far as is known. */
  readonly hasNotebooks: boolean;
}

type OwnNames = Omit<Partition, keyof PartitionModel>;

const inMost = {
  sagemakerSuffix: 'sagemaker.aws',
  ownPrefix: 'com.amazonaws',
  prefixed: [],
  hasNotebooks: false,
};
const isolated = ['ec2', 'sagemaker.api', 'sagemaker.runtime'];

/** Prefixes as the AWS CDK has them (`InterfaceVpcEndpointAwsService`), regions of IAM by its guide. */
const ownNames: Readonly<Record<PartitionId, OwnNames>> = {
  aws: { ...inMost, hasNotebooks: true, iamRegion: 'us-east-1' },
  'aws-us-gov': { ...inMost, hasNotebooks: true, iamRegion: 'us-gov-west-1' },
  'aws-cn': {
    sagemakerSuffix: 'sagemaker.com.cn',
    ownPrefix: 'cn.com.amazonaws',
    prefixed: [
      'ec2',
      'monitoring',
      's3',
      'sagemaker.api',
      'sagemaker.featurestore-runtime',
      'sagemaker.runtime',
      'sts',
    ],
    hasNotebooks: true,
    iamRegion: 'cn-north-1',
  },
  'aws-eusc': inMost,
  'aws-iso': { ...inMost, ownPrefix: 'gov.ic.c2s', prefixed: isolated },
  'aws-iso-b': { ...inMost, ownPrefix: 'gov.sgov.sc2s', prefixed: isolated },
  'aws-iso-e': inMost,
  'aws-iso-f': inMost,
};

const partitions: readonly (Partition & { readonly pattern: RegExp })[] = partitionModels.map(
  (model) => ({ ...model, ...ownNames[model.id], pattern: new RegExp(model.regionPattern) }),
);

/** The partition of a region, by the form of its name; `aws` for a name that is none of a region. */
export function partitionOf(region: string): Partition {
  const found = partitions.find(({ pattern }) => pattern.test(region)) ?? partitions[0];
  if (found === undefined) throw new Error('The simulator has no partition.');
  return found;
}

const directions: ReadonlyMap<string, string> = new Map([
  ['north', 'n'],
  ['south', 's'],
  ['east', 'e'],
  ['west', 'w'],
  ['central', 'c'],
  ['northeast', 'ne'],
  ['northwest', 'nw'],
  ['southeast', 'se'],
  ['southwest', 'sw'],
]);

/** The short form of a region in zone ids: `use1` of `us-east-1`, `usgw1` of `us-gov-west-1`. */
export function shortRegionOf(region: string): string {
  const parts = region.split('-');
  return parts.map((part) => (part === 'gov' ? 'g' : (directions.get(part) ?? part))).join('');
}
