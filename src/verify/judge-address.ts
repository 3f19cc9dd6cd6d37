import type { AddressObservation, Connection, SeenCertificate } from './observation.ts';
import type { Target } from './target.ts';
import type { AddressOutcome, AddressVerdict } from './verdict.ts';

/** Known facts about the place where the probes run. */
export interface Circumstances {
  /** Whether the link's network policy selects this pod. */
  readonly isSelected: boolean;
  /** The security group of the endpoints, where the link made one. */
  readonly securityGroupId?: string | undefined;
}

interface Finding {
  readonly outcome: AddressOutcome;
  readonly message: string;
  readonly advice?: string;
}

/**
 * Judges the connection to one address of an endpoint.
 *
 * @param all every connection to the endpoint: one zone that is silent among others that answer has
 *   other causes than an endpoint that is silent everywhere
 */
export function judgeAddress(
  { zone, address, connection }: AddressObservation,
  all: readonly AddressObservation[],
  target: Target,
  circumstances: Circumstances,
): AddressVerdict {
  const othersAnswer = all.some((one) => isAnswered(one.connection));
  const ms = connection.kind === 'Opened' ? { milliseconds: Math.round(connection.ms) } : {};
  return { zone, address, ...finding(connection, othersAnswer, target, circumstances), ...ms };
}

function isAnswered({ kind }: Connection): boolean {
  return kind === 'Opened' || kind === 'NotTls';
}

function finding(
  connection: Connection,
  othersAnswer: boolean,
  target: Target,
  circumstances: Circumstances,
): Finding {
  switch (connection.kind) {
    case 'Opened':
      return judgeCertificate(connection.certificate, target);
    case 'TimedOut':
      return timedOut(othersAnswer, target, circumstances);
    case 'Refused':
      return refused(target, circumstances);
    case 'NoRoute':
      return {
        outcome: 'NoRoute',
        message: `This machine has no way there (${connection.detail}).`,
        advice:
          'Run it where the VPC can be reached: inside of it, or from a network that is peered or connected with a route to its addresses.',
      };
    case 'Forbidden':
      return {
        outcome: 'Policy',
        message: `This machine does not let the connection out (${connection.detail}).`,
        advice: 'Let its firewall, or the policy of the pod, allow TCP 443 to the endpoint.',
      };
    case 'NotTls':
      return {
        outcome: /http/i.test(connection.detail) ? 'Proxy' : 'NotTls',
        message: `The connection opens, and no TLS comes back (${connection.detail}).`,
        advice:
          'A proxy or a firewall between here and the endpoint takes the connection: have it pass TCP 443 to the addresses of the endpoint untouched.',
      };
  }
}

/** An endpoint never refuses TCP 443 by itself, and what a security group drops is not answered. */
function timedOut(
  othersAnswer: boolean,
  { port, endpointId, state }: Target,
  { isSelected, securityGroupId }: Circumstances,
): Finding {
  const silence = `Nothing answers on TCP ${port}`;
  if (state !== 'available') {
    return {
      outcome: 'TimedOut',
      message: `${silence}, and AWS calls ${endpointId} ${state}.`,
      advice: 'Verify again when it is available.',
    };
  }
  const network = othersAnswer
    ? 'See the network ACL of the subnet of this zone and the route to it: security groups are the same in all zones.'
    : networkAdvice(port, securityGroupId ?? `the security group of ${endpointId}`);
  const others = othersAnswer ? ', while other zones of the endpoint do' : '';
  if (!isSelected) {
    return { outcome: 'TimedOut', message: `${silence}${others}.`, advice: network };
  }
  return {
    outcome: 'Policy',
    message: `${silence}${others}, and a network policy selects this pod.`,
    advice: `See whether the policy allows the address: one that was written for former addresses does not. ${network}`,
  };
}

function networkAdvice(port: number, group: string): string {
  return `Let ${group} allow TCP ${port} from here (spec.securityGroup.ingress), and see that routes lead to its subnet and back, and that no network ACL is in the way.`;
}

function refused({ port }: Target, { isSelected }: Circumstances): Finding {
  const message = `TCP ${port} is refused, which an endpoint does not do.`;
  if (isSelected) {
    return {
      outcome: 'Policy',
      message: `${message} A network policy selects this pod.`,
      advice: 'See whether the policy allows the address on this port.',
    };
  }
  return {
    outcome: 'Refused',
    message,
    advice:
      'A firewall or a network policy between here and the endpoint rejects it, or the address is not of the endpoint any more: compare the status with AWS.',
  };
}

/** The authority that signs what AWS serves is Amazon's own, outside of a few partitions. */
function judgeCertificate(certificate: SeenCertificate, { dialled }: Target): Finding {
  const { names, isForName, issuer, isExpired, distrust } = certificate;
  if (distrust !== undefined && !isExpired && isForName && !/\bAmazon\b/.test(issuer)) {
    return {
      outcome: 'Proxy',
      message: `The certificate for ${dialled} is of ${issuer}, which nobody here trusts (${distrust}): something opens the connections on their way.`,
      advice:
        'Have the proxy that inspects TLS leave out the addresses of the endpoint. If it is meant, its authority has to be in the bundle of every client (AWS_CA_BUNDLE).',
    };
  }
  if (!isForName) {
    return {
      outcome: 'WrongName',
      message: `The certificate is for ${names || 'no name'}, not for ${dialled}.`,
      advice:
        'Something else than SageMaker answers at this address: compare the status with AWS, and see whether a proxy or a load balancer is in between.',
    };
  }
  if (isExpired) {
    return {
      outcome: 'Expired',
      message: 'The certificate is not valid now.',
      advice: 'See the clock of this machine: AWS renews its certificates in time.',
    };
  }
  if (distrust !== undefined) {
    return {
      outcome: 'Untrusted',
      message: `The certificate of ${issuer} is not trusted here (${distrust}).`,
      advice:
        "Give this machine the usual authorities: Amazon's roots are in the bundle of every current operating system. See what AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS name.",
    };
  }
  return { outcome: 'Reachable', message: 'It answers with a certificate for the dialled name.' };
}
