/** The meaning of an impact, and what to do about it. */

export type ImpactEffect = 'BeginsToDeny' | 'StopsDenying' | 'StopsAllowing' | 'BeginsToAllow';

interface Advice {
  /** Says what changes, for whom and why. */
  readonly why: string;
  readonly whatToDo: string;
}

/**
 * @param keys the keys about networks that the statement tests, in lower case
 */
export function advice(effect: ImpactEffect, keys: readonly string[]): Advice {
  const isAboutAddress = keys.every((key) => key === 'aws:sourceip');
  return isAboutAddress ? byAddress[effect] : byEndpoint(effect, keys);
}

const byAddress: Readonly<Record<ImpactEffect, Advice>> = {
  BeginsToDeny: {
    why: 'It denies by aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC whose public address is let through today are denied.',
    whatToDo:
      'Add StringNotEquals aws:SourceVpce with the ids of the endpoints to the same Condition, or take SageMaker out of the statement.',
  },
  StopsDenying: {
    why: 'It denies certain public addresses by aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC that are denied today are no longer denied.',
    whatToDo:
      'Deny them by aws:VpcSourceIp with aws:SourceVpce as well, or accept that it is about the internet only.',
  },
  StopsAllowing: {
    why: 'It allows by aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC that are allowed by it today are no longer allowed, and no other statement seen here allows the same.',
    whatToDo:
      'Add a second Allow statement with StringEquals aws:SourceVpce and the ids of the endpoints.',
  },
  BeginsToAllow: {
    why: 'It allows all but certain values of aws:SourceIp, which requests through the endpoints do not have: callers inside the VPC that it does not allow today are allowed.',
    whatToDo: 'Use IpAddress without IfExists, or add a condition on aws:SourceVpce.',
  },
};

function byEndpoint(effect: ImpactEffect, keys: readonly string[]): Advice {
  const tested = keys.map((key) => keyNames[key] ?? key).join(', ');
  const differs = `Its condition on ${tested} comes to another result for requests through the endpoints than for those over the internet`;
  switch (effect) {
    case 'BeginsToDeny':
      return {
        why: `${differs}: callers inside the VPC that it lets through today are denied.`,
        whatToDo:
          'Let the ids of the endpoints pass in the same Condition, or take SageMaker out of the statement.',
      };
    case 'StopsAllowing':
      return {
        why: `${differs}: callers inside the VPC that it allows today are no longer allowed, and no other statement seen here allows the same.`,
        whatToDo:
          'Add a second Allow statement with StringEquals aws:SourceVpce and the ids of the endpoints.',
      };
    case 'StopsDenying':
      return {
        why: `${differs}: callers inside the VPC that it denies today are no longer denied.`,
        whatToDo: 'Name the endpoints that it should deny, or accept that it lets these pass.',
      };
    case 'BeginsToAllow':
      return {
        why: `${differs}: callers inside the VPC that it does not allow today are allowed.`,
        whatToDo: 'Name the endpoints that it should allow, or accept that it allows these.',
      };
    default:
      return effect satisfies never;
  }
}

/** As AWS writes them. */
const keyNames: Readonly<Record<string, string>> = {
  'aws:sourceip': 'aws:SourceIp',
  'aws:sourcevpc': 'aws:SourceVpc',
  'aws:sourcevpcarn': 'aws:SourceVpcArn',
  'aws:sourcevpce': 'aws:SourceVpce',
  'aws:vpceaccount': 'aws:VpceAccount',
  'aws:vpceorgid': 'aws:VpceOrgID',
  'aws:vpceorgpaths': 'aws:VpceOrgPaths',
  'aws:vpcsourceip': 'aws:VpcSourceIp',
};
