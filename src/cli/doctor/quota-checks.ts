/** Whether quotas of AWS have room for a link, and for those that come with it. */
import { InvalidArgumentError } from 'commander';
import type { AwsTransport } from '../../aws/client/operations.ts';
import { collectPages } from '../../aws/client/paginate.ts';
import { toCloudError } from '../../aws/client/to-cloud-error.ts';
import { listVpcEndpoints } from '../../aws/endpoint/list-vpc-endpoints.ts';
import { type Quota, quotas } from '../../plan/aws-errors/service-quotas.ts';
import type { Check } from '../../standalone/reports/doctor-report.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import { type Planned, type PlannedUse, plannedUse } from './planned-use.ts';

/** The account's own values, by code, as far as somebody gave them. */
export type QuotaValues = ReadonlyMap<string, number>;

/** Quotas that a link is compared with. */
const compared = [quotas.endpoints, quotas.securityGroups, quotas.rules];

/**
 * The flag `--quota CODE=VALUE`, added to the former ones. The AWS CLI prints a value as `50.0`.
 *
 * @throws InvalidArgumentError for another form, and for a quota that nothing is compared with
 */
export function quotaFlag(text: string, former: QuotaValues): QuotaValues {
  const [, code = '', value] = /^(L-[0-9A-F]{8})=(\d{1,9})(?:\.0+)?$/.exec(text) ?? [];
  if (value === undefined) throw new InvalidArgumentError('must look like L-29B6F2EB=100');
  if (!compared.some((quota) => quota.code === code)) {
    const known = compared.map((quota) => `${quota.code} (${quota.name})`).join(', ');
    throw new InvalidArgumentError(`is about no quota that is looked at; these are: ${known}`);
  }
  return new Map([...former, [code, Number(value)]]);
}

/** A planned link, and the way on which its quotas are asked about. */
interface QuotaCheckInput extends Planned {
  readonly link: Pick<StandaloneLink, 'spec'>;
  readonly quotaValues: QuotaValues;
  readonly transport: AwsTransport;
  readonly signal: AbortSignal;
}

/** Counts what is there, and adds what all the links together are to make. */
export async function quotaChecks(
  input: QuotaCheckInput,
  vpcId: string,
  all: readonly Planned[],
): Promise<readonly Check[]> {
  const { link, transport, signal, quotaValues } = input;
  const valueOf = (quota: Quota): QuotaValue => {
    const own = quotaValues.get(quota.code ?? '');
    return own === undefined ? { value: quota.usual ?? 0 } : { value: own, isOwn: true };
  };
  const { endpoints, securityGroups } = plannedUse(input, all);
  const rules = link.spec.securityGroup?.ingress?.length ?? 0;
  return [
    await quotaCheck(
      quotas.endpoints,
      valueOf(quotas.endpoints),
      endpoints,
      async () => (await listVpcEndpoints(transport, vpcId, signal)).length,
    ),
    await quotaCheck(quotas.securityGroups, valueOf(quotas.securityGroups), securityGroups, () =>
      countGroups(transport, signal),
    ),
    ...(rules === 0
      ? []
      : [
          await quotaCheck(
            quotas.rules,
            valueOf(quotas.rules),
            { count: 0, links: 0 },
            async () => rules,
          ),
        ]),
  ];
}

interface QuotaValue {
  readonly value: number;
  /** Whether it is the account's, and not the one that every account begins with. */
  readonly isOwn?: true;
}

async function quotaCheck(
  quota: Quota,
  { value, isOwn }: QuotaValue,
  planned: PlannedUse,
  count: () => Promise<number>,
): Promise<Check> {
  const { service, code, name } = quota;
  const subject = `${name} (${service}/${code})`;
  let used: number;
  try {
    used = await count();
  } catch (error) {
    const message = toCloudError('ec2:Describe', error).message;
    return { area: 'quota', subject, outcome: 'unknown', message };
  }
  const message = `${used} used${plannedWords(planned)}, of ${value}${isOwn === true ? ', as --quota says' : ' where the account has not asked for more'}`;
  if (used + planned.count <= value) return { area: 'quota', subject, outcome: 'ok', message };
  const more = 'Ask AWS for more, or take away what is not needed.';
  if (isOwn === true) return { area: 'quota', subject, outcome: 'problem', message, advice: more };
  const advice = `See what the account has, and give it with --quota ${code}=VALUE: aws service-quotas get-service-quota --service-code ${service} --quota-code ${code}. ${more}`;
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
