/** Used up quotas. The texts of IAM's one code are from its API reference and field reports. */
import type { ErrorRow } from './error-row.ts';
import { quotas } from './service-quotas.ts';

const exceeded = {
  kind: 'Quota',
  reason: 'QuotaExceeded',
  severity: 'stalled',
  actor: 'AccountAdministrator',
  advice:
    "Ask AWS for a higher quota, or remove what is not needed. The account's administrator can do both.",
} as const;

/** A limit that AWS does not raise. */
const fixed = { ...exceeded, actor: 'LinkAuthor' } as const;

export const quotaErrors: readonly ErrorRow[] = [
  { ...exceeded, codes: ['VpcEndpointLimitExceeded'], quota: quotas.endpoints },
  { ...exceeded, codes: ['NetworkInterfaceLimitExceeded'], quota: quotas.interfaces },
  { ...exceeded, codes: ['SecurityGroupLimitExceeded'], quota: quotas.securityGroups },
  { ...exceeded, codes: ['RulesPerSecurityGroupLimitExceeded'], quota: quotas.rules },
  {
    ...exceeded,
    codes: ['SecurityGroupsPerInterfaceLimitExceeded'],
    quota: quotas.groupsPerInterface,
  },
  {
    ...fixed,
    codes: ['TagLimitExceeded'],
    quota: quotas.tags,
    advice: 'Remove tags from spec.tags, or from the resource.',
  },
  {
    ...exceeded,
    codes: ['LimitExceeded'],
    text: /PoliciesPerAccount/,
    where: 'PoliciesPerAccount',
    quota: quotas.policies,
  },
  {
    ...exceeded,
    codes: ['LimitExceeded'],
    text: /PoliciesPerRole/,
    where: 'PoliciesPerRole',
    quota: quotas.policiesPerRole,
  },
  {
    ...exceeded,
    codes: ['LimitExceeded'],
    text: /PoliciesPerUser/,
    where: 'PoliciesPerUser',
    quota: quotas.policiesPerUser,
  },
  {
    ...exceeded,
    codes: ['LimitExceeded'],
    text: /PoliciesPerGroup/,
    where: 'PoliciesPerGroup',
    quota: quotas.policiesPerGroup,
  },
  {
    ...fixed,
    codes: ['LimitExceeded'],
    text: /PolicySize/,
    where: 'PolicySize',
    quota: quotas.policySize,
    advice:
      'Shorten spec.notebookAccess: join neighbouring CIDR blocks, or allow endpoints in place of addresses.',
  },
  {
    ...fixed,
    codes: ['LimitExceeded'],
    text: /versions?/i,
    where: 'versions of a policy',
    quota: quotas.policyVersions,
    actor: 'Nobody',
    severity: 'retry',
    advice: 'The oldest version is removed, and it is tried again.',
  },
  { ...exceeded, codes: ['LimitExceeded', 'ResourceLimitExceeded', 'ResourceCountExceeded'] },
];
