/**
 * The promises of cluster-scoped policies, of the kind of the VPC CNI, by rules that share no code with
 * the operator: at every moment they are judged as a whole, and not object by object.
 */
import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import type { StoredEvent, StoredObject } from '../cluster/api-server.ts';
import { type ClientCluster, editor, isOfOperator } from '../cluster/client-cluster.ts';
import type { Oracle } from './violation.ts';

export interface PolicyPromisesOptions {
  readonly cluster: ClientCluster;
  readonly links: () => readonly SageMakerPrivateLink[];
  readonly note: (oracle: Oracle, message: string) => void;
  readonly onWrite: () => void;
  /** Every address that an endpoint of the region had so far, and those that are always allowed. */
  readonly everKnown: () => ReadonlySet<string>;
  /** Blocks of the link's endpoints at AWS, of those that are available or of all. */
  readonly blocksOf: (link: SageMakerPrivateLink, which: 'available' | 'all') => readonly string[];
  readonly isGoing: (link: SageMakerPrivateLink) => boolean;
}

interface Spec {
  readonly priority: number;
  readonly egress?: readonly {
    readonly action: string;
    readonly to: readonly { readonly networks?: readonly string[] }[];
  }[];
}

/** All policies of a link at one moment, as its pods feel them. */
interface Moment {
  /** Whether the rest is denied. */
  readonly isShut: boolean;
  /** Blocks that come before that. */
  readonly open: ReadonlySet<string>;
}

export class PolicyPromises {
  private readonly options: PolicyPromisesOptions;
  private readonly others = new Map<string, string>();
  private readonly before = new Map<string, Moment>();
  /** Links of which somebody took or changed an object: the operator may not know of it yet. */
  private readonly spoilt = new Set<string>();

  constructor(options: PolicyPromisesOptions) {
    this.options = options;
    options.cluster.clusterPolicies.subscribe((event) => this.noteEvent(event));
  }

  /** The status says that clients are configured. */
  noteConfigured(link: SageMakerPrivateLink, shown: readonly string[]): void {
    const { name } = link.metadata;
    if (!wants(link) || this.spoilt.has(name)) return;
    const { isShut, open } = this.momentOf(name);
    if (!isShut) this.note('O12', `ClientsConfigured is True, but nothing holds ${name}'s pods`);
    const missing = shown.filter((block) => !open.has(block));
    if (missing.length > 0) {
      const lack = `the cluster policy of ${name} lacks ${missing.join(', ')}`;
      this.note('O12', `ClientsConfigured is True, but ${lack}`);
    }
  }

  /** While a link goes away, its policies go before its endpoints. */
  noteWorld(): void {
    for (const link of this.options.links()) {
      if (!this.options.isGoing(link) || this.of(link.metadata.name).length === 0) continue;
      this.note('O14', `a cluster policy of ${link.metadata.name} is left while the endpoints go`);
    }
  }

  shortcomings(): readonly string[] {
    const links = this.options.links();
    const left = this.own().filter(
      (one) => !links.some(({ metadata }) => linkOf(one) === metadata.name),
    );
    const found = left.map(({ metadata }) => `${metadata.name} is left without its link`);
    for (const link of links) {
      const { name } = link.metadata;
      const { isShut, open } = this.momentOf(name);
      if (
        !wants(link) ||
        this.options.cluster.discovery('networking.k8s.aws/v1alpha1') === undefined
      ) {
        if (this.of(name).length > 0) found.push(`${name} has a cluster policy left`);
        continue;
      }
      const wanted = this.options.blocksOf(link, 'all');
      const surplus = [...open].filter(
        (block) => !wanted.includes(block) && !always.includes(block),
      );
      const missing = wanted.filter((block) => !open.has(block));
      if (!isShut) found.push(`the cluster policy of ${name} holds nobody`);
      if (missing.length > 0) found.push(`${name}'s cluster policy lacks ${missing.join(', ')}`);
      if (surplus.length > 0)
        found.push(`${name}'s cluster policy still has ${surplus.join(', ')}`);
    }
    return found;
  }

  private noteEvent({ type, object, former }: StoredEvent): void {
    const { cluster } = this.options;
    const key = object.metadata.name;
    if (former === undefined && !isOfOperator(object)) {
      this.others.set(key, JSON.stringify(object));
      return;
    }
    if (this.others.has(key)) return this.note('O3', `${key} of somebody: ${type}`);
    const link = linkOf(former ?? object) ?? '';
    if (cluster.isByOthers()) this.spoilt.add(link);
    else if (isIntact(object)) this.options.onWrite();
    const before = this.before.get(link) ?? { isShut: false, open: new Set<string>() };
    const now = this.momentOf(link);
    this.before.set(link, now);
    if (cluster.isByOthers()) return;
    if (this.of(link).every(isIntact) && now.isShut) this.spoilt.delete(link);
    this.judge(key, { link, before, now });
  }

  private judge(
    key: string,
    { link: name, before, now }: { link: string; before: Moment; now: Moment },
  ): void {
    const link = this.options.links().find(({ metadata }) => metadata.name === name);
    const known = this.options.everKnown();
    const unknown = [...now.open].filter((block) => !known.has(block));
    if (unknown.length > 0 && this.of(name).every(isIntact)) {
      this.note('O14', `${key} lets pods reach ${unknown.join(', ')}, which no endpoint had`);
    }
    if (link === undefined) return;
    if (before.isShut && !now.isShut && wants(link) && !this.spoilt.has(name)) {
      this.note('O14', `without ${key} nothing holds the pods of ${name}`);
    }
    if (!now.isShut) return;
    const lost = this.options
      .blocksOf(link, 'available')
      .filter((block) => !now.open.has(block) && (!before.isShut || before.open.has(block)));
    if (lost.length > 0 && !this.spoilt.has(name)) {
      this.note('O14', `${key} shuts pods in: they had a way to ${lost.join(', ')}`);
    }
    if (!before.isShut && link.status?.clients?.availableOnce !== true) {
      this.note('O14', `${key} is there before the endpoints of ${name}`);
    }
  }

  /** The first policy by priority decides, and what none decides is open. */
  private momentOf(link: string): Moment {
    const rules = this.of(link).flatMap(({ spec }) => {
      const { priority, egress = [] } = spec as Spec;
      return egress.map(({ action, to }) => {
        return { action, priority, networks: to.flatMap(({ networks = [] }) => networks) };
      });
    });
    const denials = rules.filter(
      ({ action, networks }) => action === 'Deny' && networks.includes('0.0.0.0/0'),
    );
    const first = Math.min(...denials.map(({ priority }) => priority));
    const open = rules.filter(({ action, priority }) => action === 'Pass' && priority < first);
    return { isShut: denials.length > 0, open: new Set(open.flatMap(({ networks }) => networks)) };
  }

  private of(link: string): readonly StoredObject[] {
    return this.own().filter((one) => linkOf(one) === link);
  }

  private own(): readonly StoredObject[] {
    return this.options.cluster.clusterPolicies
      .list()
      .filter(({ metadata }) => !this.others.has(metadata.name));
  }

  private note(oracle: Oracle, message: string): void {
    this.options.note(oracle, message);
  }
}

/** Allowed by the scenarios' spec, whatever AWS shows. */
const always = ['169.254.20.10/32', '169.254.170.23/32', 'fd00:ec2::23/128'];

function wants({ metadata, spec }: SageMakerPrivateLink): boolean {
  return metadata.deletionTimestamp === undefined && spec.clients?.clusterPolicy !== undefined;
}

/** The name is that of the link with a digest of it; the label may be edited. */
function linkOf({ metadata }: StoredObject): string | undefined {
  return /^sagemaker-privatelink-(.+)-[0-9a-f]{8}-(?:allow|deny|others)-/.exec(metadata.name)?.[1];
}

/** Whether the content is what the operator wrote, and no edit since. */
function isIntact({ metadata }: StoredObject): boolean {
  return !(metadata.managedFields ?? []).some(({ manager }) => manager === editor);
}
