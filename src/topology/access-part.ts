/** The notebook policy of the picture: its networks and its principals. Pure. */
import { printable } from '../api/printable.ts';
import type { Findings } from './findings-of-part.ts';
import { isRed } from './tone.ts';
import type { AccessPart, LinkView, PrincipalPart } from './topology.ts';

type Principal = Pick<PrincipalPart, 'kind' | 'name'>;
type Attached = {
  readonly roles?: readonly string[];
  readonly users?: readonly string[];
  readonly groups?: readonly string[];
};

/** Undefined for a link without a notebook policy, in the spec as at AWS. */
export function accessPart({ spec, status }: LinkView, findings: Findings): AccessPart | undefined {
  const wanted = spec.notebookAccess;
  const shown = status?.notebookAccess;
  if (wanted === undefined && shown === undefined) return undefined;
  const name = shown?.policyArn?.split('/').at(-1) ?? wanted?.policyName;
  return {
    policy: name === undefined ? 'not made yet' : printable(name),
    ...(shown?.versionId === undefined ? {} : { version: printable(shown.versionId) }),
    sources: sourceWords(wanted),
    principals: principals(wanted?.attachTo ?? {}, shown?.attachedTo ?? {}, findings),
    tone: findings.tone('NotebookAccessEnforced'),
    notes: findings.notes('NotebookAccessEnforced'),
  };
}

function sourceWords(access: LinkView['spec']['notebookAccess']): readonly string[] {
  if (access === undefined) return [];
  const { allowedCIDRs = [], allowEndpoints, additionalEndpointIds = [] } = access;
  const within = access.allowedPrivateCIDRs ?? [];
  const narrowed = within.length === 0 ? '' : `, from ${within.join(', ')} only`;
  return [
    ...allowedCIDRs,
    ...(allowEndpoints ? [`this link's endpoints${narrowed}`] : []),
    ...additionalEndpointIds.map((id) => `endpoint ${id}${narrowed}`),
  ].map(printable);
}

function principals(
  wanted: Attached,
  attached: Attached,
  findings: Findings,
): readonly PrincipalPart[] {
  const has = (all: Attached, { kind, name }: Principal): boolean =>
    all[`${kind}s`]?.includes(name) === true;
  const tone = findings.tone('NotebookAccessEnforced');
  return [
    ...listed(wanted).map((one): PrincipalPart => {
      const isDone = has(attached, one);
      const open = isRed(tone) ? 'broken' : 'waiting';
      return {
        kind: one.kind,
        name: printable(one.name),
        ...(isDone
          ? { tone: 'well', state: 'restricted' }
          : { tone: open, state: 'not restricted yet' }),
      };
    }),
    ...listed(attached)
      .filter((one) => !has(wanted, one))
      .map(
        ({ kind, name }): PrincipalPart => ({
          kind,
          name: printable(name),
          tone: 'foreign',
          state: 'not in the spec',
        }),
      ),
  ];
}

function listed({ roles = [], users = [], groups = [] }: Attached): readonly Principal[] {
  return [
    ...roles.map((name) => ({ kind: 'role', name }) as const),
    ...users.map((name) => ({ kind: 'user', name }) as const),
    ...groups.map((name) => ({ kind: 'group', name }) as const),
  ];
}
