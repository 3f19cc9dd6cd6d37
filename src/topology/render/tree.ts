/** A link as a tree for a terminal. Pure. */
import pc from 'picocolors';
import type { Tone } from '../tone.ts';
import type { EndpointPart, Part, Topology } from '../topology.ts';
import { groupNames } from './group-names.ts';
import { paints } from './paints.ts';
import { wrapped } from './wrapped.ts';

export interface TreeOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
}

interface Branch {
  readonly text: string;
  readonly tone?: Tone;
  readonly notes?: readonly string[];
  readonly children?: readonly Branch[];
}

/** The tree of a link, without an end of line. No line is longer than the width. */
export function treeText(topology: Topology, options: TreeOptions): string {
  return branchLines(rootOf(topology), { first: '', rest: '' }, options).join('\n');
}

interface Indent {
  readonly first: string;
  readonly rest: string;
}

function branchLines(branch: Branch, indent: Indent, options: TreeOptions): readonly string[] {
  const { text, tone, notes = [], children = [] } = branch;
  const colors = pc.createColors(options.color);
  const sign = tone === undefined ? '' : `${paints[tone].sign} `;
  const stem = `${indent.rest}${children.length > 0 ? '│ ' : '  '}`;
  const paint = painter(tone, colors);
  const [head = '', ...more] = headLines(text, `${indent.first}${sign}`, stem, options.width);
  return [
    `${indent.first}${paint(`${sign}${head}`)}`,
    ...more.map((line) => `${stem}${paint(line)}`),
    ...notes.flatMap((note) =>
      wrapped(note, options.width - stem.length).map((line) => `${stem}${colors.dim(line)}`),
    ),
    ...children.flatMap((child, index) => {
      const isLast = index === children.length - 1;
      const below = {
        first: `${indent.rest}${isLast ? '└ ' : '├ '}`,
        rest: `${indent.rest}${isLast ? '  ' : '│ '}`,
      };
      return branchLines(child, below, options);
    }),
  ];
}

/** The lines after the first stand below the stem, which may be longer than what is before the first. */
function headLines(text: string, before: string, stem: string, width: number): readonly string[] {
  if (Array.from(text).length <= width - before.length) return [text];
  return wrapped(text, width - Math.max(before.length, stem.length));
}

function painter(
  tone: Tone | undefined,
  colors: ReturnType<typeof pc.createColors>,
): (text: string) => string {
  switch (tone) {
    case 'well':
      return colors.green;
    case 'waiting':
      return colors.yellow;
    case 'broken':
    case 'foreign':
      return colors.red;
    default:
      return (text) => text;
  }
}

function rootOf(topology: Topology): Branch {
  const { name, ready, reason, tone, region, accountId, account, vpc, zones, drift } = topology;
  const place = [region, accountId ?? account].filter((part) => part !== undefined).join(', ');
  // A cause that a part of it says as well is read there.
  const below = [vpc, topology.group, topology.notebookAccess, topology.clients]
    .flatMap((part) => part?.notes ?? [])
    .concat(topology.endpoints.flatMap(({ notes }) => notes))
    .join(' ');
  return {
    text: `${name} (${place}): Ready=${ready} (${reason})`,
    tone,
    notes: topology.notes.filter((note) => !below.includes(note)),
    children: [
      {
        text: `VPC ${vpc.id ?? vpc.wanted}`,
        ...signed(vpc),
        children: zones.map((zone) => ({
          text: `${zone.zone}  ${zone.subnetId ?? 'no subnet'}`,
          ...signed(zone),
        })),
      },
      groupBranch(topology),
      { text: 'endpoints', children: topology.endpoints.map(endpointBranch) },
      ...accessBranches(topology),
      ...clientsBranches(topology),
      ...driftBranches(drift),
      ...topology.truncated.map(({ field, leftOut }) => ({
        text: `${field}: ${leftOut} more are not in the status`,
      })),
    ],
  };
}

function signed({ tone, notes }: Part): Pick<Branch, 'tone' | 'notes'> {
  return { tone, notes };
}

function groupBranch({ group }: Topology): Branch {
  const { kind, rules } = group;
  return {
    text: `security group ${groupNames(group).join(', ')} (${kind === 'managed' ? "the operator's" : 'of the spec'})`,
    ...signed(group),
    children: rules.map((rule) => ({ text: `TCP 443 from ${rule}` })),
  };
}

function endpointBranch(endpoint: EndpointPart): Branch {
  const { label, id, state, privateDNS, privateNames, cells, foreignIds } = endpoint;
  return {
    text: [label, id, state].filter((part) => part !== undefined).join('  '),
    ...signed(endpoint),
    children: [
      ...foreignIds.map((one) => ({ text: `in the way: ${one}`, tone: 'foreign' as const })),
      {
        text: `private DNS ${privateDNS}`,
        children: privateNames.map((name) => ({ text: name })),
      },
      ...cells.map(({ zone, addresses, state: word, tone }) => ({
        text: [zone, ...addresses, word].join('  '),
        tone,
      })),
    ],
  };
}

function accessBranches({ notebookAccess: access }: Topology): readonly Branch[] {
  if (access === undefined) return [];
  const { policy, version, sources, principals } = access;
  return [
    {
      text: ['notebook policy', policy, version].filter((part) => part !== undefined).join(' '),
      ...signed(access),
      children: [
        ...sources.map((source) => ({ text: `allows ${source}` })),
        ...principals.map(({ kind, name, state, tone }) => ({
          text: `${kind} ${name}  ${state}`,
          tone,
        })),
      ],
    },
  ];
}

function clientsBranches({ clients }: Topology): readonly Branch[] {
  if (clients === undefined) return [];
  const { namespaces, ready, selector, failing, services } = clients;
  const count = namespaces === undefined ? 'not counted yet' : `${ready} of ${namespaces} served`;
  return [
    {
      text: `namespaces (${selector}): ${count}`,
      ...signed(clients),
      children: [
        ...failing.map(({ namespace, message }) => ({
          text: namespace,
          tone: 'broken' as const,
          notes: [message],
        })),
        ...services.map((service) => ({
          text: `${service.service}  ${service.state}`,
          ...signed(service),
        })),
      ],
    },
  ];
}

function driftBranches(drift: Topology['drift']): readonly Branch[] {
  if (drift.length === 0) return [];
  return [
    {
      text: 'changed by somebody else',
      tone: 'broken',
      children: drift.map(({ resource, field, desired, actual, since }) => ({
        text: `${resource} ${field}`,
        notes: [`is ${actual}, the spec says ${desired}; since ${since}`],
      })),
    },
  ];
}
