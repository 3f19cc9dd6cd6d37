/**
 * Inputs of a plan that break, one at a time, and what cannot be done without each. Everything else
 * has to be done as if it were whole.
 */
import type { SageMakerPrivateLinkSpec } from '../../src/api/sagemaker-private-link.ts';
import type { HoldingsPart } from '../../src/plan/facts.ts';
import type { LookKind } from '../../src/plan/looks.ts';
import type { AwsWorld } from './aws-world.ts';
import type { Effect } from './effects-of-actions.ts';
import { serviceNames } from './generated-worlds.ts';
import type { Call, Fault } from './model-cloud.ts';

export interface Breakage {
  /** Breaks the world. */
  readonly in?: (world: AwsWorld) => void;
  /** A kind of look that fails. */
  readonly look?: LookKind;
  /** A part of what the link has that cannot be read. */
  readonly unread?: HoldingsPart;
  /** True where a resource that has the link's tags tells which VPC is meant, and nothing else does. */
  readonly needsOwned?: boolean;
  /** True for an effect that nobody can bring about without what is broken. */
  readonly needs: (effect: Effect, spec: SageMakerPrivateLinkSpec) => boolean;
}

const isOf =
  (...kinds: readonly Effect['kind'][]) =>
  ({ kind }: Pick<Effect, 'kind'>): boolean =>
    kinds.includes(kind);

const isOfGroup = ({ service }: Effect): boolean => service === '';

const never = (): boolean => false;

/**
 * Without the VPC nothing is made or deleted. Its own blocks, which a group admits by default, are
 * not known.
 */
const needsVpc: Breakage['needs'] = ({ kind, words }, spec) => {
  const isOfBlocks = spec.securityGroup === undefined && /^revocation {2}tcp 443 /.test(words);
  const admitsBlocks = spec.securityGroup === undefined && kind === 'admission';
  return isOf('creation', 'deletion', 'subnets')({ kind }) || isOfBlocks || admitsBlocks;
};

export const breakages = {
  'who calls is not known': { look: 'Caller', needs: isOf('creation', 'subnets', 'policy') },
  'VPCs cannot be read': { look: 'Vpcs', needsOwned: true, needs: needsVpc },
  'subnets cannot be read': { look: 'Subnets', needs: isOf('creation', 'subnets') },
  'services cannot be read': {
    look: 'EndpointServices',
    // Whether a service supports a policy is seen from one that is there.
    needs: isOf('creation', 'subnets', 'policy'),
  },
  'DNS attributes cannot be read': { look: 'VpcDnsAttributes', needs: isOf('private DNS') },
  'prefix lists cannot be read': { look: 'PrefixLists', needs: never },
  'interfaces cannot be read': { look: 'NetworkInterfaces', needs: never },
  'a prefix list is gone': {
    in: ({ prefixLists }) => void prefixLists.delete('pl-1'),
    // No endpoint is made with, moved to, or given callers (private DNS) behind a group that lacks a wanted rule.
    needs: ({ kind, words }) =>
      ['creation', 'groups', 'private DNS'].includes(kind) || words.includes('"pl-1"'),
  },
  'groups cannot be read': { look: 'SecurityGroups', needs: never },
  "the link's endpoints cannot be read": {
    unread: 'endpoints',
    // No group is made for endpoints that nobody sees, and tags are put on what is seen.
    needs: (effect) => !isOfGroup(effect) || isOf('creation', 'deletion')(effect),
  },
  "the link's groups cannot be read": {
    unread: 'securityGroups',
    needs: (effect, { securityGroup }) =>
      securityGroup?.ids === undefined &&
      (isOfGroup(effect) || isOf('creation', 'groups', 'private DNS')(effect)),
  },
  "the rules of the link's group cannot be read": {
    unread: 'rules',
    needs: (effect, { securityGroup }) =>
      securityGroup?.ids === undefined &&
      (isOf('admission', 'revocation', 'description', 'private DNS')(effect) ||
        // The groups in the place of its own stay until the rules are known.
        (effect.kind === 'groups' && effect.words.includes(' -'))),
  },
  'the VPC lost its tags': {
    needsOwned: true,
    in: ({ vpcs }) => {
      for (const [id, vpc] of vpcs) vpcs.set(id, { ...vpc, tags: {} });
    },
    needs: needsVpc,
  },
  'another VPC has the tags instead': {
    needsOwned: true,
    in: ({ vpcs }) => {
      for (const [id, vpc] of vpcs) {
        vpcs.set(id, { ...vpc, tags: id === 'vpc-other' ? { ml: 'vpc' } : {} });
      }
    },
    needs: needsVpc,
  },
  'another VPC has the tags too': {
    needsOwned: true,
    in: ({ vpcs }) => {
      for (const [id, vpc] of vpcs) vpcs.set(id, { ...vpc, tags: { ml: 'vpc' } });
    },
    needs: isOf('creation', 'deletion', 'subnets'),
  },
  'a subnet was deleted': {
    in: ({ subnets }) => void subnets.delete('subnet-b'),
    needs: ({ kind, words }) => kind === 'subnets' && words.endsWith('+subnet-b'),
  },
  'no subnet has the tags': {
    in: ({ subnets }) => {
      for (const [id, subnet] of subnets) subnets.set(id, { ...subnet, tags: {} });
    },
    needs: isOf('creation', 'subnets'),
  },
  'DNS attributes are off': {
    in: ({ dns }) => {
      for (const id of dns.keys()) {
        dns.set(id, { enableDnsSupport: true, enableDnsHostnames: false });
      }
    },
    needs: isOf('private DNS'),
  },
  'a service is gone': {
    in: ({ services }) => void services.delete(serviceNames.runtime),
    needs: ({ kind, service }) =>
      service === serviceNames.runtime && ['creation', 'subnets', 'policy'].includes(kind),
  },
  'a service is in no zone of the link': {
    in: ({ services }) => {
      const service = services.get(serviceNames.runtime);
      if (service !== undefined) services.set(service.name, { ...service, zones: ['elsewhere'] });
    },
    needs: ({ kind, service }) =>
      service === serviceNames.runtime && ['creation', 'subnets'].includes(kind),
  },
} satisfies Readonly<Record<string, Breakage>>;

/** The fault of a model cloud in which a kind of look, or a part of one, is denied. */
export function denied({ look, unread }: Partial<Breakage>): (call: Call) => Fault | undefined {
  return ({ of, name }) => {
    if (of !== 'look') return undefined;
    if (name === look) return { kind: 'refused', as: 'Denied' };
    return name === 'Owned' && unread !== undefined
      ? { kind: 'unread', parts: [unread], as: 'Denied' }
      : undefined;
  };
}
