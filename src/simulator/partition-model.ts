export type PartitionId =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-eusc'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f';

/** A partition as botocore describes it. */
export interface PartitionModel {
  readonly id: PartitionId;
  readonly regionPattern: string;
  readonly dnsSuffix: string;
  readonly dualStackDnsSuffix: string;
  readonly regions: readonly string[];
  /** The regions where services of SageMaker have hosts, and hosts with FIPS. */
  readonly sageMaker: Readonly<
    Record<
      'api' | 'runtime' | 'metrics' | 'geospatial',
      { readonly regions: readonly string[]; readonly fips: readonly string[] }
    >
  >;
}
