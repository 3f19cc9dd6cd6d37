/**
 * Changes that actions make at AWS, as pure functions on facts. Each is said once, in the room of its
 * resource; the observation of a pass, reads that do not show it yet, and plans that imagine it all
 * take it from here.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Endpoint, ManagedPolicy, PolicyVersion, SecurityGroup, Tags } from '../facts.ts';

/** Facts that actions change. A resource has a line for each, by which others find it. */
export interface ChangedFacts {
  Endpoint: Endpoint;
  /** How many addresses are left in a subnet. */
  FreeAddresses: number;
  SecurityGroup: SecurityGroup;
  /** Tags of a resource of EC2, whatever it is. */
  Tags: Tags;
  ManagedPolicy: ManagedPolicy;
  PolicyVersions: readonly PolicyVersion[];
}

export type ChangedFact = keyof ChangedFacts;

/** One change of one fact. */
export interface ChangeOf<Fact extends ChangedFact> {
  readonly of: Fact;
  /** AWS's id of the resource; an ARN for a policy. */
  readonly id: string;
  /**
   * The fact when the change is done; undefined: the resource is gone.
   *
   * @param former how it was; undefined where it was not there, or is not known
   */
  readonly after: (former: ChangedFacts[Fact] | undefined) => ChangedFacts[Fact] | undefined;
  /** The fact that a read without the change is taken for. @default the same as `after` */
  readonly meanwhile?: (read: ChangedFacts[Fact] | undefined) => ChangedFacts[Fact] | undefined;
  /** Whether a read shows the change. @default where `after` would change nothing about it */
  readonly isShownBy?: (read: ChangedFacts[Fact] | undefined) => boolean;
  /** Names the part of the resource that changes where a later change of it replaces this one. */
  readonly aspect?: string;
  /** The change is never undone: a read that does not show it is older than one that did. */
  readonly isFinal?: true;
  /** Nothing was changed: AWS had it already, and its answer says how it is. */
  readonly wasThere?: boolean;
  /** It has the name that was asked for and can't be what was asked for. */
  readonly isNamesake?: boolean;
}

/** A change of any fact. */
export type Change = { [Fact in ChangedFact]: ChangeOf<Fact> }[ChangedFact];

/** Whether a read shows a change by itself. */
export function isShown<Fact extends ChangedFact>(
  change: ChangeOf<Fact>,
  read: ChangedFacts[Fact] | undefined,
): boolean {
  return change.isShownBy?.(read) ?? isDeepStrictEqual(change.after(read), read);
}

/** The fact that a read is taken for, whether it shows the change or not. */
export function withChange<Fact extends ChangedFact>(
  change: ChangeOf<Fact>,
  read: ChangedFacts[Fact] | undefined,
): ChangedFacts[Fact] | undefined {
  if (isShown(change, read)) return read;
  return (change.meanwhile ?? change.after)(read);
}
