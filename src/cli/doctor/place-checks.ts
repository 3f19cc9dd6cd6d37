/** The caller of AWS from here, and whether its services answer. */
import { grantAdvice } from './advice.ts';
import { type Cloud, CloudError } from '../../plan/cloud.ts';
import type { Look } from '../../plan/looks.ts';
import type { Check } from '../../standalone/reports/doctor-report.ts';
import { credentialsWords } from '../credentials-check.ts';

export interface PlaceFindings {
  readonly checks: readonly Check[];
  /** Whether anything can be asked there. */
  readonly isReached: boolean;
}

/**
 * Asks STS, EC2 and, where a link needs it, IAM one question each. Any answer of a service, also a
 * refusal, shows that the way to it is open.
 */
export async function checkPlace(
  cloud: Cloud,
  { needsIam, signal }: { readonly needsIam: boolean; readonly signal: AbortSignal },
): Promise<PlaceFindings> {
  const options = { since: cloud.now(), signal };
  const caller = await checkCaller(cloud, options);
  if (!caller.isReached) return caller;
  const ec2 = await checkWay(
    'ec2',
    cloud,
    { kind: 'Vpcs', selector: { tags: noSuchTag } },
    options,
  );
  const iam = needsIam
    ? [
        await checkWay(
          'iam',
          cloud,
          { kind: 'PolicyNames', path: '/sagemaker-privatelink/' },
          options,
        ),
      ]
    : [];
  return {
    checks: [...caller.checks, ec2, ...iam],
    isReached: ec2.outcome === 'ok',
  };
}

const noSuchTag = { 'sagemaker.privatelink.dev/doctor': 'no such VPC' };

type Options = Parameters<Cloud['look']>[1];

async function checkCaller(cloud: Cloud, options: Options): Promise<PlaceFindings> {
  try {
    const { account, arn } = await cloud.look({ kind: 'Caller' }, options);
    return {
      checks: [
        { area: 'way', subject: 'to sts', outcome: 'ok', message: 'it answers' },
        { area: 'credentials', subject: account, outcome: 'ok', message: arn },
      ],
      isReached: true,
    };
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof CloudError)) throw error;
    return { checks: [callerFailure(error)], isReached: false };
  }
}

function callerFailure(error: CloudError): Check {
  if (error.kind === 'Unavailable') return wayFailure('sts', error);
  const message =
    error.kind === 'Credentials'
      ? credentialsWords({ error, environment: process.env })
      : `${error.message}.`;
  return { area: 'credentials', subject: error.code, outcome: 'problem', message };
}

async function checkWay(
  service: string,
  cloud: Cloud,
  look: Look,
  options: Options,
): Promise<Check> {
  try {
    await cloud.look(look, options);
  } catch (error) {
    options.signal.throwIfAborted();
    if (!(error instanceof CloudError)) throw error;
    if (error.kind === 'Unavailable') return wayFailure(service, error);
    if (error.kind === 'Denied') return deniedRead(service, error);
  }
  return { area: 'way', subject: `to ${service}`, outcome: 'ok', message: 'it answers' };
}

function deniedRead(service: string, { action, message }: CloudError): Check {
  return {
    area: 'permission',
    subject: action,
    outcome: 'problem',
    message: `${service} answers, and refuses: ${message}`,
    advice: grantAdvice(action),
  };
}

function wayFailure(service: string, { message }: CloudError): Check {
  const global = service === 'iam' ? ' IAM is global: a proxy or a NAT leads to it.' : '';
  return {
    area: 'way',
    subject: `to ${service}`,
    outcome: 'problem',
    message,
    advice: `Without a way to the internet the VPC needs an interface endpoint for ${service} (docs/which-endpoints.md), or HTTPS_PROXY a proxy.${global}`,
  };
}
