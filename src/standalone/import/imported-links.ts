/** Manifests for endpoints that are there already: adopting them changes nothing but tags. Pure. */
import { apiVersion, kind } from '../../api/sagemaker-private-link.ts';
import { validateLink } from '../../api/validation/validate-link.ts';
import { shortNameOf } from '../../plan/endpoint/service-catalogue.ts';
import type { Endpoint, EndpointService } from '../../plan/facts.ts';
import { foreignOwnerOf, markedOwner } from '../../plan/ownership/ownership.ts';

export interface ImportInput {
  /** Of the first link; others get a number, and so does the first where a link has the name already. */
  readonly name: string;
  readonly region: string;
  /** A name of the account map. */
  readonly account?: string;
  readonly partition: string;
  readonly vpcId: string;
  /** All interface endpoints of the VPC, of whatever service. */
  readonly endpoints: readonly Endpoint[];
  /** Those of the endpoints. */
  readonly services: readonly EndpointService[];
}

/** A link as its author would write it. */
export type Manifest = Readonly<Record<string, unknown>>;

/** An endpoint that no manifest has, and why. */
export interface LeftOut {
  readonly id: string;
  readonly serviceName: string;
  readonly reason: string;
}

export interface ImportedLinks {
  readonly links: readonly {
    readonly manifest: Manifest;
    /** The endpoints that it takes over. */
    readonly endpointIds: readonly string[];
  }[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * One link for all endpoints that share subnets, groups and kinds of addresses, which a link has
 * for all of its endpoints.
 */
export function importedLinks(input: ImportInput): ImportedLinks {
  const names = freeNames(input);
  const sageMaker = input.endpoints.filter(({ serviceName }) => isSageMaker(serviceName));
  const { taken, leftOut } = oneForEachService(sageMaker);
  const written = taken.map((endpoint) => ({ endpoint, problem: problemOf(endpoint, input) }));
  const groups = new Map<string, Endpoint[]>();
  for (const { endpoint, problem } of written) {
    if (problem !== undefined) continue;
    const key = sharedKey(endpoint);
    groups.set(key, [...(groups.get(key) ?? []), endpoint]);
  }
  return {
    links: [...groups.values()].map((endpoints) => ({
      manifest: manifestOf(endpoints, { ...input, name: names.next().value }),
      endpointIds: endpoints.map(({ id }) => id),
    })),
    leftOut: [
      ...leftOut,
      ...written.flatMap(({ endpoint: { id, serviceName }, problem }) =>
        problem === undefined ? [] : [{ id, serviceName, reason: problem }],
      ),
    ],
  };
}

/** A resource of a link that has the name already. */
export interface NameHolder {
  readonly id: string;
  /** In words that fit "… belongs to X". */
  readonly owner: string;
}

/**
 * The first endpoint whose tags name a link of this name, of whatever cluster. Another link of the name
 * would take its place in the cluster, and change its endpoints.
 */
export function holderOf(name: string, endpoints: readonly Endpoint[]): NameHolder | undefined {
  for (const { id, tags } of endpoints) {
    const owner = foreignOwnerOf(tags, nobody);
    if (owner !== undefined && markedOwner(tags).name === name) return { id, owner };
  }
  return undefined;
}

/** `ml`, `ml-2`, `ml-3`, … without those that a link has already. */
function* freeNames({ name, endpoints }: ImportInput): Generator<string, never> {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}-${number}`;
    if (holderOf(candidate, endpoints) === undefined) yield candidate;
  }
}

/** AWS keeps adding services, each with its name in this form. */
function isSageMaker(serviceName: string): boolean {
  return /(^|\.)sagemaker([.-]|$)/.test(serviceName);
}

const usable: readonly string[] = ['available', 'pending', 'pendingacceptance'];

/** No owner: whoever the tags name is another one. */
const nobody = { clusterId: '', uid: '', name: '' };

function oneForEachService(endpoints: readonly Endpoint[]): {
  readonly taken: readonly Endpoint[];
  readonly leftOut: readonly LeftOut[];
} {
  const leftOut: LeftOut[] = [];
  const leave = ({ id, serviceName }: Endpoint, reason: string): void => {
    leftOut.push({ id, serviceName, reason });
  };
  const taken = new Map<string, Endpoint>();
  for (const endpoint of endpoints.toSorted(inUseFirst)) {
    const reason = whyNot(endpoint);
    const other = taken.get(endpoint.serviceName);
    if (reason !== undefined) leave(endpoint, reason);
    else if (other === undefined) taken.set(endpoint.serviceName, endpoint);
    else leave(endpoint, `a link has one endpoint for a service, and ${other.id} is in use`);
  }
  return { taken: [...taken.values()], leftOut };
}

/** The one with the private names first, since clients use it; then the oldest. */
function inUseFirst(a: Endpoint, b: Endpoint): number {
  const keys = ({ privateDnsEnabled, state, createdAt = '9', id }: Endpoint): string =>
    `${privateDnsEnabled ? 0 : 1} ${state === 'available' ? 0 : 1} ${createdAt} ${id}`;
  return keys(a) < keys(b) ? -1 : 1;
}

function whyNot({ state, tags, requesterManaged, subnetIds }: Endpoint): string | undefined {
  const owner = foreignOwnerOf(tags, nobody);
  if (owner !== undefined) return `it belongs to ${owner}`;
  if (requesterManaged) return 'an AWS service made it and keeps it';
  if (!usable.includes(state)) return `it is ${state}`;
  return subnetIds.length === 0 ? 'it is in no subnet' : undefined;
}

/** Equal for endpoints that one link can have. */
function sharedKey(endpoint: Endpoint): string {
  const { subnetIds, securityGroupIds, ipAddressType, dnsRecordIpType } = endpoint;
  return JSON.stringify([
    subnetIds.toSorted(),
    securityGroupIds.toSorted(),
    ipAddressType ?? 'ipv4',
    dnsRecordIpType ?? ipAddressType ?? 'ipv4',
  ]);
}

/** The first rule of the kind that a link with this endpoint alone breaks. */
function problemOf(endpoint: Endpoint, input: ImportInput): string | undefined {
  const [violation] = validateLink(manifestOf([endpoint], input)).violations;
  return violation === undefined ? undefined : `a spec cannot say what it is: ${violation.message}`;
}

function manifestOf(
  endpoints: readonly Endpoint[],
  { name, region, account, partition, vpcId, services }: ImportInput,
): Manifest {
  const [first] = endpoints;
  if (first === undefined) throw new RangeError('a link has an endpoint');
  const { ipAddressType = 'ipv4', dnsRecordIpType = ipAddressType } = first;
  return {
    apiVersion,
    kind,
    metadata: { name },
    spec: {
      region,
      ...(account === undefined ? {} : { account }),
      vpc: { id: vpcId },
      subnets: { ids: first.subnetIds.toSorted() },
      ...(ipAddressType === 'ipv4' ? {} : { ipAddressType }),
      ...(dnsRecordIpType === ipAddressType ? {} : { dnsRecordIPType: dnsRecordIpType }),
      securityGroup: { ids: first.securityGroupIds.toSorted() },
      endpoints: endpoints
        .toSorted((a, b) => (a.serviceName < b.serviceName ? -1 : 1))
        .map((endpoint) => entryOf(endpoint, { region, partition, services })),
      adoption: 'IfUnowned',
      // A link that is deleted by mistake on its first day leaves the endpoints where they are.
      deletionPolicy: 'Retain',
    },
  };
}

function entryOf(
  { serviceName, privateDnsEnabled, policy }: Endpoint,
  { region, partition, services }: Pick<ImportInput, 'region' | 'partition' | 'services'>,
): Manifest {
  const short = shortNameOf(serviceName, region, partition);
  const takesPolicy = services.find(({ name }) => name === serviceName)?.policySupported !== false;
  return {
    ...(short === undefined ? { serviceName } : { service: short }),
    ...(privateDnsEnabled ? {} : { privateDNS: false }),
    // Always said: without one the spec's default would take the place of what is there.
    ...(takesPolicy && policy !== undefined ? { policy: withStatementList(policy) } : {}),
  };
}

/** IAM takes one statement without a list; the kind does not. */
function withStatementList(policy: Readonly<Record<string, unknown>>): Manifest {
  const statement = policy['Statement'];
  return { ...policy, Statement: Array.isArray(statement) ? statement : [statement] };
}
