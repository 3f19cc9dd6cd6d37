/** Whether quotas of AWS have room for a link, and for those that come with it. */
import type { AwsTransport } from '../../aws/client/operations.ts';
import { collectPages } from '../../aws/client/paginate.ts';
import { toCloudError } from '../../aws/client/to-cloud-error.ts';
import { listVpcEndpoints } from '../../aws/endpoint/list-vpc-endpoints.ts';
import { type Quota, quotas } from '../../plan/aws-errors/service-quotas.ts';
import type { Check } from '../../standalone/doctor-report.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import { type Planned, type PlannedUse, plannedUse } from './planned-use.ts';

/** A planned link, and the way on which its quotas are asked about. */
interface QuotaCheckInput extends Planned {
  readonly link: Pick<StandaloneLink, 'spec'>;
  readonly transport: AwsTransport;
  readonly signal: AbortSignal;
}

/** Counts what is there, and adds what all the links together are to make. */
export async function quotaChecks(
  input: QuotaCheckInput,
  vpcId: string,
  all: readonly Planned[],
): Promise<readonly Check[]> {
  const { link, transport, signal } = input;
  const { endpoints, securityGroups } = plannedUse(input, all);
  const rules = link.spec.securityGroup?.ingress?.length ?? 0;
  return [
    await quotaCheck(
      quotas.endpoints,
      endpoints,
      async () => (await listVpcEndpoints(transport, vpcId, signal)).length,
    ),
    await quotaCheck(quotas.securityGroups, securityGroups, () => countGroups(transport, signal)),
    ...(rules === 0
      ? []
      : [await quotaCheck(quotas.rules, { count: 0, links: 0 }, async () => rules)]),
  ];
}

async function quotaCheck(
  quota: Quota,
  planned: PlannedUse,
  count: () => Promise<number>,
): Promise<Check> {
  const { service, code, name, usual = 0 } = quota;
  const subject = `${name} (${service}/${code})`;
  let used: number;
  try {
    used = await count();
  } catch (error) {
    const message = toCloudError('ec2:Describe', error).message;
    return { area: 'quota', subject, outcome: 'unknown', message };
  }
  const message = `${used} used${plannedWords(planned)}, of ${usual} where the account has not asked for more`;
  if (used + planned.count <= usual) return { area: 'quota', subject, outcome: 'ok', message };
  const advice = `See what the account has: aws service-quotas get-service-quota --service-code ${service} --quota-code ${code}. Ask for more, or take away what is not needed.`;
  return { area: 'quota', subject, outcome: 'warning', message, advice };
}

function plannedWords({ count, links }: PlannedUse): string {
  if (count === 0) return '';
  return ` and ${count} planned${links === 1 ? '' : ` by ${links} links`}`;
}

async function countGroups(transport: AwsTransport, signal: AbortSignal): Promise<number> {
  const action = 'ec2:DescribeSecurityGroups';
  const groups = await collectPages(action, async (token) => {
    const next = token === undefined ? {} : { NextToken: token };
    const page = await transport.send(action, { MaxResults: 1000, ...next }, { signal });
    return { items: page.SecurityGroups, nextToken: page.NextToken };
  });
  return groups.length;
}
