import type { ShutVerdict } from './verdict.ts';

/** An address and port that a pod must not reach. */
export interface ForbiddenAddress {
  readonly address: string;
  readonly port: number;
}

/**
 * The addresses that must not answer where nothing else is said: the instance metadata, by which a
 * pod would be its node (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html),
 * and a resolver of the internet that listens on TCP 443 and is known not to move.
 */
export const usuallyForbidden: readonly ForbiddenAddress[] = [
  { address: '169.254.169.254', port: 80 },
  { address: '1.1.1.1', port: 443 },
];

/** Judges an address that must not answer. */
export function judgeShut({ address, port }: ForbiddenAddress, answers: boolean): ShutVerdict {
  if (!answers) return { address, port, outcome: 'Shut', message: 'It does not answer.' };
  return {
    address,
    port,
    outcome: 'Open',
    message: 'It answers, and must not.',
    advice:
      'See whether a NetworkPolicy with egress selects this pod, whether the CNI enforces it (the VPC CNI only where it is turned on), and whether another policy allows the address: policies add up.',
  };
}
