/** From where a notebook can be opened: each source against the two steps of it. Pure. */
import type { NotebookAction } from '../../api/sagemaker-private-link.ts';
import type { PolicyDocument } from '../../plan/facts.ts';
import { notebookActionOf } from '../../plan/notebook-policy/document/actions.ts';
import { type AskedRequest, explainRequest, type NotebookQuestion } from '../notebook-question.ts';

/** A step from a source, as the document decides it. */
export interface MatrixCell {
  /** `NotAsked`: the document has nothing to say, and `why` says why not. */
  readonly decision: 'Denied' | 'NotDenied' | 'NotAsked';
  readonly why: string;
}

export interface MatrixRow {
  readonly source: 'internet' | 'office' | 'VPC' | 'hub' | 'service';
  /** The address or endpoint that stands for the source. */
  readonly from: string;
  /** Making the URL. */
  readonly make: MatrixCell;
  /** Opening it. */
  readonly open: MatrixCell;
}

export interface AccessMatrix {
  readonly link: string;
  /** IAM's name of the action that makes the URL. */
  readonly action: string;
  /** With `--role`: whether the policy is attached to it. */
  readonly role?: { readonly name: string; readonly isRestricted: boolean };
  readonly rows: readonly MatrixRow[];
}

/** Asks the document about every source that the link can tell apart. */
export function accessMatrix(
  question: NotebookQuestion,
  document: PolicyDocument,
  asked: Pick<AskedRequest, 'action' | 'resource'>,
): Pick<AccessMatrix, 'action' | 'rows'> {
  const ask = (source: Omit<AskedRequest, 'action' | 'resource'>) =>
    explainRequest(question, document, { ...asked, ...source });
  // Any source will do to learn which action is meant.
  const { action } = ask({ viaAWSService: true }).request;
  const kind = notebookActionOf(action);
  const judge = (source: Omit<AskedRequest, 'action' | 'resource'>): MatrixCell => {
    try {
      const { decision, lines } = ask(source);
      return { decision, why: lines.slice(1).join(' ') };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return { decision: 'NotAsked', why: `${error.message}.` };
    }
  };
  const rows = sourcesOf(question, kind).map(({ source, from, make, open }): MatrixRow => {
    const cell = (one: Via): MatrixCell =>
      typeof one === 'string' ? { decision: 'NotAsked', why: one } : judge(one);
    return {
      source,
      from,
      make: cell(make),
      open: kind === 'NotebookInstances' ? cell(open) : { decision: 'NotAsked', why: undocumented },
    };
  });
  return { action, rows };
}

/**
 * The rows for a role: one without the policy is denied nothing by it, whatever the document says.
 * A step that no source of its kind makes stays as it is.
 */
export function rowsForRole(
  rows: readonly MatrixRow[],
  { name, isRestricted }: NonNullable<AccessMatrix['role']>,
): readonly MatrixRow[] {
  if (isRestricted) return rows;
  const open: MatrixCell = {
    decision: 'NotDenied',
    why: `Not restricted: role ${name} does not have the policy.`,
  };
  return rows.map((row) => ({
    ...row,
    make: open,
    open: row.source === 'service' ? row.open : open,
  }));
}

const undocumented =
  'AWS does not say that it checks this again: treat the URL as open while it is valid.';

/** The request that a source makes, or the reason why it makes none. */
type Via = Omit<AskedRequest, 'action' | 'resource'> | string;

interface Source extends Pick<MatrixRow, 'source' | 'from'> {
  readonly make: Via;
  readonly open: Via;
}

function sourcesOf(
  question: NotebookQuestion,
  kind: NotebookAction | undefined,
): readonly Source[] {
  const access = question.link.spec.notebookAccess;
  const { allowedCIDRs = [], additionalEndpointIds = [], allowedPrivateCIDRs = [] } = access ?? {};
  const outside = outsideAddress(allowedCIDRs);
  const [office] = allowedCIDRs.map(firstAddress);
  const [hub] = additionalEndpointIds;
  const [within] = allowedPrivateCIDRs.map(firstAddress);
  const inside = within === undefined ? {} : { vpcSourceIp: within };
  const internet = { sourceIp: outside };
  const service = { viaAWSService: true };
  return [
    { source: 'internet', from: outside, make: internet, open: internet },
    ...(office === undefined ? [] : [officeSource(office)]),
    vpcSource(question, kind, inside),
    ...(hub === undefined
      ? []
      : [
          {
            source: 'hub' as const,
            from: hub,
            make: { sourceVpce: hub, ...inside },
            open: { sourceVpce: hub, ...inside },
          },
        ]),
    { source: 'service', from: 'an AWS service', make: service, open: 'No service opens a URL.' },
  ];
}

function officeSource(sourceIp: string): Source {
  return { source: 'office', from: sourceIp, make: { sourceIp }, open: { sourceIp } };
}

const openers: Readonly<Partial<Record<NotebookAction, readonly string[]>>> = {
  NotebookInstances: ['notebook'],
};

function vpcSource(
  { link, endpointIds }: NotebookQuestion,
  kind: NotebookAction | undefined,
  inside: { readonly vpcSourceIp?: string },
): Source {
  const through = (names: readonly string[]): Via => {
    const id = names.map((name) => endpointIds[name]).find((one) => one !== undefined);
    if (id !== undefined) return { sourceVpce: id, ...inside };
    const there = link.spec.endpoints.find(({ service = '' }) => names.includes(service));
    return there === undefined
      ? `The link has no endpoint ${names.join(' or ')}: the request leaves the VPC by a public address.`
      : `No id of the endpoint ${there.service} is known: give --endpoint ${there.service}=vpce-...`;
  };
  const { vpcSourceIp } = inside;
  return {
    source: 'VPC',
    from: vpcSourceIp ?? 'any address in it',
    make: through(['api', 'api-fips']),
    open: through(openers[kind ?? 'NotebookInstances'] ?? []),
  };
}

function firstAddress(cidr: string): string {
  return cidr.slice(0, cidr.indexOf('/'));
}

/** Blocks of documentation (RFC 5737), which nobody comes from. */
const nobodys = ['198.51.100.1', '192.0.2.1', '203.0.113.1'] as const;

/** An address that the list does not name; of a list that names all of them, the first. */
function outsideAddress(cidrs: readonly string[]): string {
  const isNamed = (address: string): boolean =>
    cidrs.some((cidr) => firstAddress(cidr).split('.')[0] === address.split('.')[0]);
  return nobodys.find((address) => !isNamed(address)) ?? nobodys[0];
}

const words = { Denied: 'denied', NotDenied: 'not denied', NotAsked: '-' } as const;

/** The matrix as a table for a terminal of 80 columns, and the reasons, each once. */
export function matrixLines({
  link,
  action,
  role,
  rows,
}: AccessMatrix): readonly [table: readonly string[], reasons: readonly string[]] {
  const line = (cells: readonly [string, string, string, string]): string =>
    `${cells[0].padEnd(10)}${cells[1].padEnd(26)}${cells[2].padEnd(14)}${cells[3]}`.trimEnd();
  const each = rows.flatMap(({ source, make, open }) => [
    `${source}, make: ${make.why}`,
    ...(open.why === make.why ? [] : [`${source}, open: ${open.why}`]),
  ]);
  const table = [
    `${link}: ${action}`,
    ...(role === undefined ? [] : [roleLine(role)]),
    line(['source', 'from', 'make the URL', 'open it']),
    ...rows.map(({ source, from, make, open }) =>
      line([source, from, words[make.decision], words[open.decision]]),
    ),
  ];
  const [first] = rows;
  // For a role without the policy there is one reason for everything.
  const reasons = role?.isRestricted === false && first !== undefined ? [first.make.why] : each;
  return [table, [...new Set(reasons)]];
}

function roleLine({ name, isRestricted }: NonNullable<AccessMatrix['role']>): string {
  return isRestricted
    ? `role ${name} has the policy.`
    : `role ${name} does not have the policy: notebooks are open to it from everywhere.`;
}
