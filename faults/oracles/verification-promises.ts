/**
 * The promises of pods that verify links, by rules that share no code with the operator: few pods, in
 * chosen namespaces alone, none of others touched, and no verdict that no pod told.
 */
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { StoredEvent, StoredObject } from '../cluster/api-server.ts';
import type { ClientCluster } from '../cluster/client-cluster.ts';
import { type Kubelet, verifyLabel } from '../cluster/kubelet.ts';
import { isNamed } from '../links.ts';
import type { Oracle } from './violation.ts';

export interface VerificationPromisesOptions {
  readonly cluster: ClientCluster;
  readonly kubelet: Kubelet;
  readonly links: () => readonly SageMakerPrivateLink[];
  readonly note: (oracle: Oracle, message: string) => void;
  /** Told of every pod that the operator makes or deletes. */
  readonly onWrite: () => void;
  /** Addresses that the link's endpoints have at AWS now. */
  readonly addressesOf: (link: SageMakerPrivateLink) => readonly string[];
}

export class VerificationPromises {
  private readonly options: VerificationPromisesOptions;
  /** Of others, as they were made. */
  private readonly others = new Map<string, string>();
  /** Namespaces of which somebody deleted a pod that verified. */
  private readonly robbed = new Set<string>();
  /** How many pods each namespace got. */
  private readonly made = new Map<string, number>();

  constructor(options: VerificationPromisesOptions) {
    this.options = options;
    options.cluster.pods.subscribe((event) => this.noteEvent(event));
  }

  /** A status was written: Reachable says only what pods told of the addresses that it shows. */
  noteStatus(link: SageMakerPrivateLink): void {
    if (isGoing(link)) return;
    const shown = (link.status?.endpoints ?? [])
      .flatMap((one) => one.networkInterfaces ?? [])
      .flatMap(({ ipv4, ipv6 }) => [ipv4 ?? [], ipv6 ?? []].flat());
    const wanted = link.status?.verify?.namespaces ?? 0;
    // The latest verdict may not have arrived yet; which one counts is judged at rest.
    const said = link.status?.conditions?.find(({ type }) => type === 'Reachable')?.status;
    if (said === 'False') this.checkFaults(link, shown);
    for (const { namespace, reason } of link.status?.verify?.failing ?? []) {
      if (reason !== 'NoVerdict' || this.robbed.has(namespace)) continue;
      this.note('O12', `NoVerdict of ${namespace}, where every pod told one`);
    }
    if (said !== 'True') return;
    const told = new Set(
      this.verdictsOn(link, shown).flatMap((one) => (one.isWell ? one.namespace : [])),
    );
    if (wanted === 0) this.note('O12', 'Reachable is True, but no namespace is verified from');
    if (told.size < wanted) {
      const lack = `${told.size} of ${wanted} namespaces told so of ${shown.toSorted().join(', ')}`;
      this.note('O12', `Reachable is True, but only ${lack}`);
    }
  }

  /** A fault is one that a pod has seen, and not what every endpoint shows while AWS makes it. */
  private checkFaults(link: SageMakerPrivateLink, shown: readonly string[]): void {
    const verdicts = this.verdictsOn(link, shown);
    const faulty = (link.status?.verify?.failing ?? []).filter(
      ({ state }) => state === 'Unreachable',
    );
    for (const { namespace } of faulty) {
      const told = verdicts.filter((one) => one.namespace === namespace && !one.isWell);
      if (told.some(({ isEarly }) => !isEarly)) continue;
      const why = told.length === 0 ? 'no pod told so' : 'AWS was not done with an endpoint';
      this.note('O12', `${namespace} is Unreachable, but ${why}`);
    }
  }

  /** How many pods were made in each namespace. */
  counts(): Readonly<Record<string, number>> {
    const entries = [...this.made].map(([namespace, count]) => [`pod in ${namespace}`, count]);
    return Object.fromEntries(entries) as Record<string, number>;
  }

  /** Whether nothing is to be done any more. */
  areServed(): boolean {
    return this.shortcomings().length === 0;
  }

  conclude(): void {
    for (const shortcoming of this.shortcomings()) this.note('O7', shortcoming);
  }

  private noteEvent({ type, object, former }: StoredEvent): void {
    const { namespace = '', name } = object.metadata;
    const key = `pod ${namespace}/${name}`;
    const { cluster } = this.options;
    if (cluster.isByOthers()) {
      if (former === undefined) this.others.set(key, JSON.stringify(object));
      else if (!this.others.has(key)) this.robbed.add(namespace);
      return;
    }
    if (this.others.has(key)) return this.note('O3', `${key} of somebody: ${type}`);
    // The kubelet writes the status.
    if (type === 'MODIFIED') return;
    this.options.onWrite();
    if (type === 'ADDED') this.checkNew(key, object);
  }

  private checkNew(key: string, { metadata }: StoredObject): void {
    const { namespace = '', labels = {} } = metadata;
    this.made.set(namespace, (this.made.get(namespace) ?? 0) + 1);
    const name = labels[verifyLabel];
    const link = this.options.links().find((one) => one.metadata.name === name);
    const verify = link?.spec.verify;
    if (verify === undefined) return;
    const own = this.ownPods().filter((pod) => pod.metadata.labels?.[verifyLabel] === name);
    const here = own.filter((pod) => pod.metadata.namespace === namespace);
    const running = here.filter(({ status }) => status === undefined);
    if (running.length > verify.podsPerNamespace) {
      this.note('O1', `${key}: ${running.length} pods run at once in ${namespace}`);
    }
    if (here.length > 2 * verify.podsPerNamespace) {
      this.note('O1', `${key}: ${here.length} pods are in ${namespace}`);
    }
    const namespaces = new Set(own.map((pod) => pod.metadata.namespace));
    // One that leaves may be left with its pods until they are deleted.
    if (namespaces.size > verify.maxNamespaces + 1) {
      this.note('O1', `${key}: there are pods in ${namespaces.size} namespaces`);
    }
    if (!this.wasSelected(namespace)) {
      this.note('O3', `${key}: the namespace was never selected`);
    }
  }

  /** Labels of namespaces reach the operator late, and so do specs. */
  private wasSelected(namespace: string): boolean {
    const past = this.options.cluster.namespaces.eventsSince('0').filter(({ object }) => {
      return object.metadata.name === namespace;
    });
    return past.some(({ object }) =>
      this.options.links().some(({ spec }) => isNamed(spec, object.metadata.labels ?? {})),
    );
  }

  private shortcomings(): readonly string[] {
    const found: string[] = [];
    const links = this.options.links();
    for (const { metadata } of this.ownPods()) {
      const { namespace = '', name, labels = {} } = metadata;
      const link = links.find((one) => one.metadata.name === labels[verifyLabel]);
      const isWanted =
        link?.spec.verify !== undefined &&
        !isGoing(link) &&
        this.namespacesOf(link).includes(namespace);
      if (!isWanted) found.push(`pod ${namespace}/${name} is left`);
    }
    for (const link of links) found.push(...this.untruths(link));
    return found;
  }

  /** At rest the condition says what the latest pods told of the addresses that AWS has. */
  private untruths(link: SageMakerPrivateLink): readonly string[] {
    const { cluster } = this.options;
    const { verify } = link.spec;
    if (isGoing(link)) return [];
    const condition = link.status?.conditions?.find(({ type }) => type === 'Reachable');
    if (verify === undefined) return condition === undefined ? [] : ['Reachable is left'];
    const chosen = this.namespacesOf(link);
    const told = this.wellOn(link, this.options.addressesOf(link));
    const refused = chosen.filter((name) => cluster.hasQuota(name));
    const isWell = chosen.length > 0 && chosen.every((name) => told.includes(name));
    const wanted = isWell
      ? 'True'
      : refused.length > 0 || chosen.length === 0
        ? 'Unknown'
        : 'False';
    const said = condition?.status ?? 'not there';
    const counted = link.status?.verify?.namespaces;
    return [
      ...(said === wanted ? [] : [`Reachable is ${said}, not ${wanted}`]),
      ...(counted === chosen.length ? [] : [`${counted} of ${chosen.length} namespaces count`]),
    ];
  }

  /** The first of those that the link selects. */
  private namespacesOf({ spec }: SageMakerPrivateLink): readonly string[] {
    return this.options.cluster.namespaces
      .list()
      .filter(({ metadata }) => isNamed(spec, metadata.labels ?? {}))
      .map(({ metadata }) => metadata.name)
      .toSorted()
      .slice(0, spec.verify?.maxNamespaces ?? 0);
  }

  /** Namespaces whose pods told last, and of exactly these addresses, that all is well. */
  private wellOn(link: SageMakerPrivateLink, addresses: readonly string[]): readonly string[] {
    const verdicts = this.verdictsOn(link, addresses);
    const last = new Map(verdicts.map(({ namespace, isWell }) => [namespace, isWell]));
    return [...last].filter(([, isWell]) => isWell).map(([namespace]) => namespace);
  }

  private verdictsOn(link: SageMakerPrivateLink, addresses: readonly string[]) {
    const text = addresses.toSorted().join();
    return this.options.kubelet
      .verdicts()
      .filter((one) => one.link === link.metadata.name && one.addresses.join() === text);
  }

  private ownPods(): readonly StoredObject[] {
    return this.options.cluster.pods
      .list()
      .filter(({ metadata }) => !this.others.has(`pod ${metadata.namespace}/${metadata.name}`));
  }

  private note(oracle: Oracle, message: string): void {
    this.options.note(oracle, message);
  }
}

function isGoing({ metadata }: SageMakerPrivateLink): boolean {
  return metadata.deletionTimestamp !== undefined;
}
