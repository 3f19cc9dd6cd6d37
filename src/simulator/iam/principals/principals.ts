import { wholeSecondsOf, type XmlElement } from '../../protocol/xml.ts';
import { keyOf, kindNames, principalKey } from '../context.ts';
import { alreadyExists } from '../errors.ts';
import { iamArn } from '../names.ts';
import { checkTrustPolicy, encodedDocument } from '../policies/policy-document.ts';
import type { Principal, PrincipalKind } from '../records.ts';
import type { IamState } from '../state.ts';
import { tagsXml } from '../tags.ts';

export interface NewPrincipal {
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly path?: string | undefined;
  readonly trustPolicy?: string | undefined;
  readonly maxSessionSeconds?: number | undefined;
  readonly description?: string | undefined;
  readonly boundaryArn?: string | undefined;
  readonly tags?: Principal['tags'];
}

/** How long sessions of a role may be where the role does not say (IAM API reference, CreateRole). */
export const defaultSessionSeconds = 3600;

const idPrefixes = { role: 'AROA', user: 'AIDA', group: 'AGPA' } as const;

/** Names are unique among their kind, whatever their case and path. */
export function newPrincipal(iam: IamState, wanted: NewPrincipal): Principal {
  const { kind, name, path = '/' } = wanted;
  if (wanted.trustPolicy !== undefined) checkTrustPolicy(wanted.trustPolicy);
  if (iam.principals.get(principalKey(kind, name)) !== undefined) {
    throw alreadyExists(kindNames[kind], name);
  }
  const principal: Principal = {
    kind,
    id: iam.ids.unique(idPrefixes[kind]),
    arn: iamArn(iam, kind, path, name),
    name,
    path,
    description: wanted.description,
    trustPolicy: wanted.trustPolicy,
    maxSessionSeconds: wanted.maxSessionSeconds,
    attachedPolicyArns: [],
    inlinePolicies: {},
    boundaryArn: wanted.boundaryArn,
    groupNames: [],
    createdAtMs: iam.ledger.now(),
    tags: wanted.tags ?? {},
  };
  iam.principals.put(keyOf(principal), principal);
  return principal;
}

/** A role, user or group as lists answer it: without boundary and tags. */
export function principalXml(principal: Principal): XmlElement {
  const word = kindNames[principal.kind];
  return {
    Path: principal.path,
    [`${word}Name`]: principal.name,
    [`${word}Id`]: principal.id,
    Arn: principal.arn,
    CreateDate: wholeSecondsOf(principal.createdAtMs),
    ...(principal.kind === 'role' ? roleXml(principal) : {}),
  };
}

function roleXml({ trustPolicy = '', description, maxSessionSeconds }: Principal): XmlElement {
  return {
    AssumeRolePolicyDocument: encodedDocument(trustPolicy),
    Description: description,
    MaxSessionDuration: maxSessionSeconds ?? defaultSessionSeconds,
  };
}

/** A role, user or group as Create... and Get... answer it. */
export function wholePrincipalXml(principal: Principal): XmlElement {
  if (principal.kind === 'group') return principalXml(principal);
  return {
    ...principalXml(principal),
    PermissionsBoundary: boundaryXml(principal.boundaryArn),
    Tags: tagsXml(principal.tags),
  };
}

export function boundaryXml(arn: string | undefined): XmlElement | undefined {
  if (arn === undefined) return undefined;
  return { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: arn };
}
