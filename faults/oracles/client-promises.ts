/**
 * The promises that pods of selected namespaces rely on, by rules that share no code with the operator: no
 * policy is wider than what was known once, none shuts pods in, nothing of others is touched.
 */
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { InspectedEndpoint } from '../../src/simulator/control/region-control.ts';
import type { StoredEvent, StoredObject } from '../cluster/api-server.ts';
import { type ClientCluster, isOfOperator } from '../cluster/client-cluster.ts';
import type { Kubelet } from '../cluster/kubelet.ts';
import { isNamed, ownerOf } from '../links.ts';
import { region } from '../world/foreign.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import { holdingsOf } from '../world/snapshot.ts';
import { PolicyPromises } from './policy-promises.ts';
import { VerificationPromises } from './verification-promises.ts';
import type { Oracle } from './violation.ts';

export interface ClientPromisesOptions {
  readonly aws: SimulatedAws;
  readonly cluster: ClientCluster;
  readonly kubelet: Kubelet;
  readonly links: () => readonly SageMakerPrivateLink[];
  readonly note: (oracle: Oracle, message: string) => void;
  /** Told of everything that is written into namespaces. */
  readonly onWrite: () => void;
}

/** NodeLocal DNSCache, the Pod Identity agent, and the two ways to the API server. */
const constants = ['169.254.20.10/32', '169.254.170.23/32', 'fd00:ec2::23/128'];

interface Rule {
  readonly to?: readonly { readonly ipBlock?: { readonly cidr: string } }[];
}

export class ClientPromises {
  private readonly options: ClientPromisesOptions;
  private readonly clusterPolicies: PolicyPromises;
  private readonly verification: VerificationPromises;
  /** Every address that an endpoint of the region ever had. */
  private readonly everKnown = new Set<string>(constants);
  /** Of others, as they were made. */
  private readonly others = new Map<string, string>();

  constructor(options: ClientPromisesOptions) {
    this.options = options;
    this.clusterPolicies = new PolicyPromises({
      ...options,
      everKnown: () => {
        this.noteWorld();
        return this.everKnown;
      },
      blocksOf: (link, which) =>
        this.endpointsOf(link)
          .filter(({ state }) => which === 'all' || state === 'available')
          .flatMap(blocksOf),
      isGoing: (link) =>
        link.metadata.deletionTimestamp !== undefined &&
        this.endpointsOf(link).some(({ deletion }) => deletion !== undefined),
    });
    this.verification = new VerificationPromises({
      ...options,
      addressesOf: (link) => this.endpointsOf(link).flatMap(addressesOf),
    });
    const { policies, configMaps } = options.cluster;
    policies.subscribe((event) => this.noteEvent('NetworkPolicy', event));
    configMaps.subscribe((event) => this.noteEvent('ConfigMap', event));
  }

  /** After each change at AWS. */
  noteWorld(): void {
    for (const endpoint of this.options.aws.control.region(region).endpointHistory()) {
      for (const address of blocksOf(endpoint)) this.everKnown.add(address);
    }
    for (const link of this.options.links()) this.checkGoing(link);
    this.clusterPolicies.noteWorld();
  }

  /** A status was written: if it says that namespaces are configured, those with a policy are. */
  noteStatus(link: SageMakerPrivateLink): void {
    this.verification.noteStatus(link);
    const { metadata, spec, status } = link;
    const said = status?.conditions?.find(({ type }) => type === 'ClientsConfigured');
    if (said?.status !== 'True' || metadata.deletionTimestamp !== undefined) return;
    const interfaces = (status?.endpoints ?? []).flatMap((one) => one.networkInterfaces ?? []);
    const shown = blocksOf({ interfaces });
    const unread = interfaces.filter(({ ipv4, ipv6 }) => ipv4 === undefined && ipv6 === undefined);
    this.clusterPolicies.noteConfigured({ metadata, spec } as SageMakerPrivateLink, shown);
    for (const { metadata: namespace } of this.options.cluster.namespaces.list()) {
      if (!isSelecting({ metadata, spec } as SageMakerPrivateLink, namespace.labels ?? {}))
        continue;
      const policies = this.options.cluster.policies.list();
      const policy = find(policies, namespace.name, 'sagemaker-privatelink');
      // The operator may not know yet of what somebody has deleted or edited.
      if (policy === undefined || !isIntact(policy)) continue;
      for (const { id } of unread) {
        this.options.note(
          'O12',
          `ClientsConfigured is True, but the address of ${id} is not known`,
        );
      }
      const missing = shown.filter((block) => cidrsOf(policy)?.includes(block) !== true);
      if (missing.length === 0) continue;
      const lack = `the policy of ${namespace.name} lacks ${missing.join(', ')}`;
      this.options.note('O12', `ClientsConfigured is True, but ${lack}`);
    }
  }

  /** Whether every selected namespace has what it should, and no other one has anything. */
  areServed(): boolean {
    return this.shortcomings().length === 0 && this.verification.areServed();
  }

  /** How many pods that verify were made in each namespace. */
  counts(): Readonly<Record<string, number>> {
    return this.verification.counts();
  }

  conclude(): void {
    this.verification.conclude();
    for (const shortcoming of this.shortcomings()) this.options.note('O7', shortcoming);
  }

  private noteEvent(kind: string, event: StoredEvent): void {
    const { object, former } = event;
    const key = `${kind} ${object.metadata.namespace}/${object.metadata.name}`;
    const text = JSON.stringify({ ...object, metadata: { ...object.metadata } });
    if (former === undefined && !isOfOperator(object)) this.others.set(key, text);
    else if (this.others.has(key)) this.options.note('O3', `${key} of somebody: ${event.type}`);
    else this.options.onWrite();
    if (kind === 'NetworkPolicy' && event.type !== 'DELETED') this.checkPolicy(key, event);
  }

  private checkPolicy(key: string, { object, former }: StoredEvent): void {
    const cidrs = cidrsOf(object);
    // Edits of somebody else are none of the operator's doing.
    if (cidrs === undefined) return this.options.note('O14', `${key} has a rule to everywhere`);
    this.noteWorld();
    const unknown = cidrs.filter((cidr) => !this.everKnown.has(cidr));
    if (unknown.length > 0 && isIntact(object)) {
      this.options.note(
        'O14',
        `${key} lets pods reach ${unknown.join(', ')}, which no endpoint had`,
      );
    }
    const before = former === undefined ? undefined : cidrsOf(former);
    for (const link of this.linksOf(object)) {
      for (const endpoint of this.endpointsOf(link)) {
        if (endpoint.state !== 'available') continue;
        const lost = blocksOf(endpoint).filter(
          (block) => !cidrs.includes(block) && (before === undefined || before.includes(block)),
        );
        if (lost.length > 0 && isIntact(object)) {
          this.options.note('O14', `${key} shuts pods in: ${endpoint.id} has ${lost.join(', ')}`);
        }
      }
      if (former === undefined) this.checkWayOut(key, link);
    }
  }

  /** Before there is a way out nobody may be shut in. */
  private checkWayOut(key: string, link: SageMakerPrivateLink): void {
    const available = this.endpointsOf(link).filter(({ state }) => state === 'available');
    if (
      available.length < link.spec.endpoints.length &&
      link.status?.clients?.availableOnce !== true
    ) {
      this.options.note('O14', `${key} is there before the endpoints of ${link.metadata.name}`);
    }
  }

  /** While a link goes away, its policies go before its endpoints. */
  private checkGoing(link: SageMakerPrivateLink): void {
    if (link.metadata.deletionTimestamp === undefined) return;
    const isGoing = this.endpointsOf(link).some(({ deletion }) => deletion !== undefined);
    if (!isGoing) return;
    for (const policy of this.options.cluster.policies.list()) {
      if (!this.linksOf(policy).includes(link)) continue;
      const { namespace, name } = policy.metadata;
      this.options.note('O14', `${namespace}/${name} is left while the endpoints go`);
    }
  }

  private shortcomings(): readonly string[] {
    const { cluster, links } = this.options;
    const found: string[] = [];
    for (const { metadata } of cluster.namespaces.list()) {
      const { name, labels = {} } = metadata;
      const selecting = links().filter((link) => isSelecting(link, labels));
      const policy = find(cluster.policies.list(), name, 'sagemaker-privatelink');
      const configMap = find(cluster.configMaps.list(), name, 'sagemaker');
      const isTaken = this.others.has(`ConfigMap ${name}/sagemaker`);
      if (selecting.length === 0) {
        const left = [policy, isTaken ? undefined : configMap].filter((one) => one !== undefined);
        if (left.length > 0) found.push(`${name} is not selected and has something left`);
        continue;
      }
      const data = (configMap?.data ?? {}) as Readonly<Record<string, string>>;
      if (!isTaken && data['AWS_REGION'] !== region) found.push(`${name} has no right ConfigMap`);
      if (selecting.some(omitsPolicies)) {
        if (policy !== undefined) found.push(`${name} has a policy beside the cluster's`);
        continue;
      }
      const wanted = selecting.flatMap((link) => this.endpointsOf(link)).flatMap(blocksOf);
      const cidrs = (policy === undefined ? [] : cidrsOf(policy)) ?? [];
      const missing = wanted.filter((block) => !cidrs.includes(block));
      const surplus = cidrs.filter((cidr) => ![...wanted, ...constants].includes(cidr));
      if (missing.length > 0) found.push(`the policy of ${name} lacks ${missing.join(', ')}`);
      if (surplus.length > 0) found.push(`the policy of ${name} still has ${surplus.join(', ')}`);
    }
    return [...found, ...this.clusterPolicies.shortcomings()];
  }

  private linksOf({ metadata }: StoredObject): readonly SageMakerPrivateLink[] {
    const names = (metadata.annotations?.['sagemaker.privatelink.dev/links'] ?? '').split(',');
    return this.options.links().filter((link) => names.includes(link.metadata.name));
  }

  private endpointsOf(link: SageMakerPrivateLink): readonly InspectedEndpoint[] {
    return holdingsOf(this.options.aws, ownerOf(link)).endpoints;
  }
}

function omitsPolicies({ spec }: SageMakerPrivateLink): boolean {
  return spec.clients?.clusterPolicy?.namespacedPolicies === 'Omit';
}

function find(objects: readonly StoredObject[], namespace: string, name: string) {
  return objects.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
}

function isSelecting(
  { metadata, spec }: SageMakerPrivateLink,
  labels: Readonly<Record<string, string>>,
): boolean {
  return metadata.deletionTimestamp === undefined && isNamed(spec, labels);
}

/** The blocks that a policy lets pods reach; undefined if it has a rule to everywhere. */
function cidrsOf({ spec }: StoredObject): readonly string[] | undefined {
  const { egress = [] } = spec as { readonly egress?: readonly Rule[] };
  if (egress.some(({ to = [] }) => to.length === 0)) return undefined;
  return egress.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock?.cidr ?? []));
}

/** Whether the content is what the operator wrote, and no edit since. */
function isIntact({ metadata }: StoredObject): boolean {
  return !(metadata.managedFields ?? []).some(({ operation, fieldsV1 }) => {
    return operation === 'Update' && 'f:spec' in fieldsV1;
  });
}

interface Addressed {
  readonly interfaces: readonly {
    readonly ipv4?: string | undefined;
    readonly ipv6?: string | undefined;
  }[];
}

function addressesOf({ interfaces }: Addressed): readonly string[] {
  return interfaces.flatMap(({ ipv4, ipv6 }) => [ipv4 ?? [], ipv6 ?? []].flat());
}

function blocksOf(addressed: Addressed): readonly string[] {
  return addressesOf(addressed).map((one) => `${one}/${one.includes(':') ? 128 : 32}`);
}
