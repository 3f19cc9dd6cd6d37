/** A quota of AWS as Service Quotas has it. Codes are from the VPC and IAM quota pages. */
export interface Quota {
  readonly service: 'vpc' | 'iam';
  /** `L-...`; undefined for a limit that AWS does not raise. */
  readonly code?: string;
  readonly name: string;
  /** Its value in every account that has not asked for more. */
  readonly usual?: number;
  /** AWS counts it for each of these. */
  readonly per: 'VPC' | 'region' | 'security group' | 'network interface' | 'account' | 'resource';
}

/** The quotas that the operator's calls can run into. */
export const quotas = {
  endpoints: {
    service: 'vpc',
    code: 'L-29B6F2EB',
    name: 'Interface VPC endpoints per VPC',
    usual: 50,
    per: 'VPC',
  },
  interfaces: {
    service: 'vpc',
    code: 'L-DF5E4CA3',
    name: 'Network interfaces per Region',
    per: 'region',
  },
  securityGroups: {
    service: 'vpc',
    code: 'L-E79EC296',
    name: 'VPC security groups per Region',
    usual: 2500,
    per: 'region',
  },
  rules: {
    service: 'vpc',
    code: 'L-0EA8095F',
    name: 'Inbound or outbound rules per security group',
    usual: 60,
    per: 'security group',
  },
  groupsPerInterface: {
    service: 'vpc',
    code: 'L-2AFB9258',
    name: 'Security groups per network interface',
    per: 'network interface',
  },
  tags: { service: 'vpc', name: 'Tags per resource: 50', per: 'resource' },
  policies: {
    service: 'iam',
    code: 'L-E95E4862',
    name: 'Customer managed policies per account',
    per: 'account',
  },
  policiesPerRole: {
    service: 'iam',
    code: 'L-0DA4ABF3',
    name: 'Managed policies per role',
    per: 'resource',
  },
  policiesPerUser: {
    service: 'iam',
    code: 'L-4019AD8B',
    name: 'Managed policies per user',
    per: 'resource',
  },
  policiesPerGroup: {
    service: 'iam',
    code: 'L-384571C4',
    name: 'Managed policies per group',
    per: 'resource',
  },
  policySize: {
    service: 'iam',
    name: 'Characters of a managed policy without whitespace: 6,144',
    per: 'resource',
  },
  policyVersions: { service: 'iam', name: 'Versions of a managed policy: 5', per: 'resource' },
} as const satisfies Readonly<Record<string, Quota>>;

/** Where the quota counts, as far as it is known. */
export interface QuotaPlace {
  readonly vpcId?: string | undefined;
  readonly groupId?: string | undefined;
}

/** Names the quota, its code and where it is used up, in one sentence. */
export function quotaWords(quota: Quota, { vpcId, groupId }: QuotaPlace): string {
  const code = quota.code === undefined ? 'cannot be raised' : `${quota.service}/${quota.code}`;
  const group = quota.per === 'security group' ? groupId : undefined;
  const place = [group, vpcId === undefined ? undefined : `VPC ${vpcId}`].filter(
    (one) => one !== undefined,
  );
  // IAM is global and its quotas know nothing of networks.
  const at = quota.service === 'iam' || place.length === 0 ? '' : `, for ${place.join(' in ')}`;
  return `The quota is "${quota.name}" (Service Quotas: ${code}${at}).`;
}
