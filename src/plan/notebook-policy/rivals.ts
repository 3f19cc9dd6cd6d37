/** Other links of the cluster whose notebook policy would deny what this link allows. */
import type {
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import type { Principal } from '../facts.ts';
import type { Problem } from '../findings.ts';
import { isSamePrincipal } from './actions/policy-changes.ts';
import { opensNotebooks } from './document/actions.ts';
import { coversCidrs } from './document/cidr-set.ts';
import { listedPrincipals } from './protected-principals.ts';

interface NamedEndpoint {
  readonly service?: string | undefined;
  readonly serviceName?: string | undefined;
}

/** A link, as far as its notebook policy goes. */
export interface LinkWithAccess {
  readonly name: string;
  readonly uid: string;
  readonly spec: Pick<SageMakerPrivateLinkSpec, 'region' | 'account' | 'notebookAccess'> & {
    readonly endpoints: readonly NamedEndpoint[];
  };
  readonly status: Pick<SageMakerPrivateLinkStatus, 'account' | 'notebookAccess'> & {
    readonly endpoints?: readonly (NamedEndpoint & { readonly id?: string | undefined })[];
  };
}

/** Another link with the same principals, and a network that only one of the two lets in. */
export interface Rival {
  readonly name: string;
  /** In the attachTo of both. */
  readonly principals: readonly Principal[];
  /** Those of them that have the other link's policy. */
  readonly attached: readonly Principal[];
  /** Networks in words that this link allows and the other one denies, or the other way round. */
  readonly denied: readonly string[];
}

/** Every other link that this one and the same principal cannot pass together. */
export function rivalsOf(link: LinkWithAccess, links: Iterable<LinkWithAccess>): readonly Rival[] {
  const access = link.spec.notebookAccess;
  if (access === undefined) return [];
  return [...links]
    .filter((other) => other.uid !== link.uid && isSamePlace(link, other))
    .flatMap((other): readonly Rival[] => {
      const theirs = other.spec.notebookAccess;
      if (theirs === undefined || !overlaps(access, theirs)) return [];
      const listed = listedPrincipals(theirs.attachTo);
      const principals = listedPrincipals(access.attachTo).filter((one) => isIn(listed, one));
      const denied = [...networksOnlyOf(link, other), ...networksOnlyOf(other, link)];
      if (principals.length === 0 || denied.length === 0) return [];
      const has = listedPrincipals(other.status.notebookAccess?.attachedTo);
      const attached = principals.filter((one) => isIn(has, one));
      return [{ name: other.name, principals, attached, denied }];
    });
}

function isIn(principals: readonly Principal[], principal: Principal): boolean {
  return principals.some((one) => isSamePrincipal(one, principal));
}

/** Policies name one region of one account; elsewhere they deny nothing. */
function isSamePlace(one: LinkWithAccess, other: LinkWithAccess): boolean {
  if (one.spec.region !== other.spec.region) return false;
  const [account, theirs] = [one.status.account, other.status.account];
  if (account !== undefined && theirs !== undefined) return account === theirs;
  return one.spec.account === other.spec.account;
}

type Access = NonNullable<SageMakerPrivateLinkSpec['notebookAccess']>;

/** Whether something is restricted by both. */
function overlaps(one: Access, other: Access): boolean {
  const both = one.actions.filter((action) => other.actions.includes(action));
  if (both.some((action) => action !== 'NotebookInstances')) return true;
  if (both.length === 0) return false;
  const [names, theirs] = [one.notebookInstances, other.notebookInstances];
  if (names === undefined || theirs === undefined) return true;
  const lower = theirs.map((name) => name.toLowerCase());
  return names.some((name) => lower.includes(name.toLowerCase()));
}

/** Networks that the first link lets in and the second one denies. */
function networksOnlyOf(one: LinkWithAccess, other: LinkWithAccess): readonly string[] {
  const [access, theirs] = [one.spec.notebookAccess, other.spec.notebookAccess];
  const blocks = outsideOf(theirs?.allowedCIDRs ?? [], access?.allowedCIDRs ?? []);
  const known = new Set([...ownIds(other), ...(theirs?.additionalEndpointIds ?? [])]);
  const ids = [...ownIds(one), ...(access?.additionalEndpointIds ?? [])];
  const strangers = ids.filter((id) => !known.has(id));
  const isComing = one.spec.endpoints.some(opensNotebooks) && ownIds(one).length === 0;
  const coming =
    access?.allowEndpoints === true && isComing ? [`the endpoints of ${one.name}`] : [];
  return [...blocks, ...strangers, ...coming, ...privateOnlyOf(access, theirs)];
}

/** Blocks that others do not cover. */
function outsideOf(others: readonly string[], blocks: readonly string[]): readonly string[] {
  return blocks.filter((block) => !coversCidrs(others, [block]));
}

/** Addresses that the first link lets in through its endpoints and the second one does not. */
function privateOnlyOf(access?: Access, theirs?: Access): readonly string[] {
  const [own = [], others = []] = [access?.allowedPrivateCIDRs, theirs?.allowedPrivateCIDRs];
  if (others.length === 0) return [];
  if (own.length > 0) return outsideOf(others, own);
  const hasEndpoints =
    access?.allowEndpoints === true || (access?.additionalEndpointIds ?? []).length > 0;
  return hasEndpoints ? [`private addresses outside of ${others.join(', ')}`] : [];
}

function ownIds({ spec, status }: LinkWithAccess): readonly string[] {
  if (spec.notebookAccess?.allowEndpoints !== true) return [];
  return (status.endpoints ?? []).filter(opensNotebooks).flatMap(({ id }) => id ?? []);
}

/** Principals that the policy is not attached to because of another link. */
export function heldByRivals(
  rivals: readonly Rival[],
  attached: readonly Principal[],
): readonly Principal[] {
  return rivals.flatMap(({ principals }) => principals).filter((one) => !isIn(attached, one));
}

/** One problem for each rival that keeps a principal from being attached, or denies one that is. */
export function rivalProblems(
  rivals: readonly Rival[],
  attached: readonly Principal[],
): readonly Problem[] {
  return rivals.flatMap((rival): readonly Problem[] => {
    const held = heldByRivals([rival], attached);
    const caught = rival.attached.filter((one) => isIn(attached, one));
    const concerned = [...held, ...caught];
    if (concerned.length === 0) return [];
    const who = concerned.map(({ kind, name }) => `${kind} ${name}`).join(', ');
    const state = held.length > 0 ? 'Not attached' : 'Both are attached';
    return [
      {
        subject: 'NotebookAccessEnforced',
        reason: 'AccessConflict',
        severity: 'stalled',
        message: `${state} (${who}): SageMakerPrivateLink ${rival.name} has the same principals in its attachTo, and of ${rival.denied.join(', ')} each link allows what the other one denies, so that nobody could get in there. List the endpoints of each in additionalEndpointIds of the other and give both the same allowedCIDRs and allowedPrivateCIDRs, or give them different principals.`,
      },
    ];
  });
}
