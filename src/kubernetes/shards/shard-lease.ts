/** Shards and replicas as Leases: their names, and everything that people read on them. */
import { createHash } from 'node:crypto';
import type { OwnerReference } from '../client/object.ts';
import type { LeaseMarks } from '../lease/lease-lock.ts';
import type { Lease } from '../lease/lease.ts';
import type { MemberState } from './plan-shards.ts';

/** Which Leases belong together. */
export interface LeaseFamily {
  readonly namespace: string;
  /** Begins the name of each. */
  readonly name: string;
  /** Begins the keys of labels and annotations, such as `example.com`. */
  readonly domain: string;
}

/** Text about a shard for people, by the last part of its key. */
export type ShardMarks = Readonly<Record<string, string>>;

/** A Lease of the family, as it is read. */
export type FamilyLease =
  | { readonly kind: 'shard'; readonly id: string; readonly holder: string }
  | {
      readonly kind: 'replica';
      readonly identity: string;
      readonly state: MemberState;
      /** How long the replica may work after a renewal, in milliseconds. */
      readonly lifeMs: number;
    };

/** Selects every Lease of the family. */
export function familySelector({ domain, name }: LeaseFamily): string {
  return `${domain}/leases-of=${name}`;
}

/** The name of a shard's Lease: the same for every replica. */
export function shardLeaseName({ name }: LeaseFamily, id: string): string {
  return `${name}-shard-${digestOf(id)}`;
}

/** The name of a replica's own Lease. */
export function replicaLeaseName({ name }: LeaseFamily, identity: string): string {
  return `${name}-replica-${digestOf(identity)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Labels and annotations of a shard's Lease. */
export function shardMarks(family: LeaseFamily, id: string, marks: ShardMarks): LeaseMarks {
  const texts = { shard: id, ...marks };
  return {
    labels: { ...labelsOf(family, 'shard'), ...validLabels(keyed(family, marks)) },
    annotations: keyed(family, texts),
  };
}

/** Labels and annotations of a replica's Lease. */
export function replicaMarks(
  family: LeaseFamily,
  { identity, state }: { readonly identity: string; readonly state: MemberState },
  owner: OwnerReference | undefined,
): LeaseMarks {
  return {
    labels: { ...labelsOf(family, 'replica'), ...keyed(family, { state }) },
    annotations: keyed(family, { replica: identity }),
    ...(owner === undefined ? {} : { ownerReferences: [owner] }),
  };
}

/** Reads a Lease of the family; undefined for one that says nothing of what it is for. */
export function readFamilyLease(
  { domain }: LeaseFamily,
  { metadata, spec = {} }: Lease,
): FamilyLease | undefined {
  const { labels = {}, annotations = {} } = metadata;
  const { holderIdentity: holder = '', leaseDurationSeconds = 0 } = spec;
  const [id, identity] = [annotations[`${domain}/shard`], annotations[`${domain}/replica`]];
  if (id !== undefined) return { kind: 'shard', id, holder };
  if (identity === undefined) return undefined;
  // One that gave its presence back has nothing any more.
  const state = holder === '' ? 'leaving' : stateOf(labels[`${domain}/state`]);
  return { kind: 'replica', identity, state, lifeMs: leaseDurationSeconds * 1000 };
}

function stateOf(label: string | undefined): MemberState {
  return label === 'ready' || label === 'leaving' ? label : 'joining';
}

function labelsOf({ domain, name }: LeaseFamily, kind: string): Readonly<Record<string, string>> {
  return { [`${domain}/leases-of`]: name, [`${domain}/lease-kind`]: kind };
}

function keyed({ domain }: LeaseFamily, texts: ShardMarks): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [`${domain}/${key}`, text]));
}

const labelForm = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;

/** An annotation takes any text, a label does not. */
function validLabels(texts: ShardMarks): ShardMarks {
  return Object.fromEntries(Object.entries(texts).filter(([, text]) => labelForm.test(text)));
}
