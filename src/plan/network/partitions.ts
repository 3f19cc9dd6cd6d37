/**
 * Partitions by the form of their region names. Source: AWS's `partitions.json`, which SDKs ship.
 * Only for answers without credentials: where AWS is asked anyway, the caller's ARN says it.
 */
const partitions: readonly { readonly pattern: RegExp; readonly partition: string }[] = [
  { pattern: /^cn-/, partition: 'aws-cn' },
  { pattern: /^us-gov-/, partition: 'aws-us-gov' },
  { pattern: /^eusc-/, partition: 'aws-eusc' },
  { pattern: /^us-iso-/, partition: 'aws-iso' },
  { pattern: /^us-isob-/, partition: 'aws-iso-b' },
  { pattern: /^eu-isoe-/, partition: 'aws-iso-e' },
  { pattern: /^us-isof-/, partition: 'aws-iso-f' },
];

/** The partition of a region: `aws` for every name that is not another partition's. */
export function partitionOfRegion(region: string): string {
  return partitions.find(({ pattern }) => pattern.test(region))?.partition ?? 'aws';
}
