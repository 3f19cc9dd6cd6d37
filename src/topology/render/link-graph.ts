/** A link as nodes in boxes and arrows between them, for programs that lay out graphs. Pure. */
import type { Tone } from '../tone.ts';
import type { EndpointPart, Topology } from '../topology.ts';
import { groupNames } from './group-names.ts';

export interface GraphNode {
  /** Of letters and digits, unique in the graph. */
  readonly id: string;
  readonly lines: readonly string[];
  readonly tone: Tone;
}

export interface GraphBox {
  readonly id: string;
  readonly title: string;
  readonly tone: Tone;
  readonly nodes: readonly GraphNode[];
  readonly boxes: readonly GraphBox[];
}

export interface GraphArrow {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
  readonly tone: Tone;
}

export interface LinkGraph {
  readonly boxes: readonly GraphBox[];
  readonly arrows: readonly GraphArrow[];
}

/** Namespaces and principals lead to endpoints, endpoints to their interfaces in the zones. */
export function linkGraph(topology: Topology): LinkGraph {
  const { name, ready, reason } = topology;
  return {
    boxes: [
      {
        id: 'link',
        title: `${name}: Ready=${ready} (${reason})`,
        tone: topology.tone,
        nodes: [
          ...clientsNodes(topology),
          ...accessNodes(topology),
          ...topology.endpoints.flatMap(foreignNodes),
        ],
        boxes: [vpcBox(topology)],
      },
    ],
    arrows: arrowsOf(topology),
  };
}

function vpcBox(topology: Topology): GraphBox {
  const { vpc, region, accountId } = topology;
  const place = [region, accountId].filter((part) => part !== undefined).join(', ');
  return {
    id: 'vpc',
    title: `VPC ${vpc.id ?? vpc.wanted} (${place})`,
    tone: vpc.tone,
    nodes: [groupNode(topology), ...topology.endpoints.map(endpointNode)],
    boxes: topology.zones.map(({ zone, subnetId, tone }, index) => ({
      id: `zone${index}`,
      tone,
      title: [zone, subnetId].filter((part) => part !== undefined).join(' '),
      nodes: cellNodes(topology, index),
      boxes: [],
    })),
  };
}

/** Every box of the graph, those within others too. */
export function allBoxes(boxes: readonly GraphBox[]): readonly GraphBox[] {
  return boxes.flatMap((box) => [box, ...allBoxes(box.boxes)]);
}

function cellNodes({ endpoints }: Topology, zone: number): readonly GraphNode[] {
  return endpoints.flatMap(({ label, cells }, row) => {
    const cell = cells[zone];
    if (cell === undefined || cell.state === 'none') return [];
    return [
      { id: `cell${row}x${zone}`, lines: [label, ...cell.addresses, cell.state], tone: cell.tone },
    ];
  });
}

function endpointNode(endpoint: EndpointPart, row: number): GraphNode {
  const { label, id, state, privateNames, tone } = endpoint;
  const lines = [label, ...(id === undefined ? [] : [id]), state, ...privateNames];
  return { id: `endpoint${row}`, lines, tone };
}

function foreignNodes({ foreignIds }: EndpointPart, row: number): readonly GraphNode[] {
  return foreignIds.map((id, index) => ({
    id: `foreign${row}x${index}`,
    lines: [id, "somebody else's"],
    tone: 'foreign',
  }));
}

function groupNode({ group }: Topology): GraphNode {
  const { rules, tone } = group;
  return {
    id: 'group',
    lines: ['security group', ...groupNames(group), ...rules.map((rule) => `TCP 443 from ${rule}`)],
    tone,
  };
}

function clientsNodes({ clients }: Topology): readonly GraphNode[] {
  if (clients === undefined) return [];
  const { namespaces, ready, selector, failing, tone } = clients;
  const count = namespaces === undefined ? [] : [`${ready} of ${namespaces} served`];
  return [
    { id: 'namespaces', lines: ['namespaces', selector, ...count], tone },
    ...failing.map(({ namespace }, index) => ({
      id: `failing${index}`,
      lines: ['namespace', namespace],
      tone: 'broken' as const,
    })),
  ];
}

function accessNodes({ notebookAccess: access }: Topology): readonly GraphNode[] {
  if (access === undefined) return [];
  const { policy, version, sources, principals, tone } = access;
  const versioned = version === undefined ? [] : [version];
  return [
    { id: 'policy', lines: ['notebook policy', policy, ...versioned, ...sources], tone },
    ...principals.map((one, index) => ({
      id: `principal${index}`,
      lines: [`${one.kind} ${one.name}`, one.state],
      tone: one.tone,
    })),
  ];
}

function arrowsOf(topology: Topology): readonly GraphArrow[] {
  const { endpoints, clients, notebookAccess } = topology;
  const toZones = endpoints.flatMap(({ cells }, row) =>
    cells.flatMap(({ tone, state }, zone) =>
      state === 'none' ? [] : [{ from: `endpoint${row}`, to: `cell${row}x${zone}`, tone }],
    ),
  );
  const taken = endpoints.flatMap(({ foreignIds }, row) =>
    foreignIds.map((_, index) => ({
      from: `foreign${row}x${index}`,
      to: `endpoint${row}`,
      label: 'in the way',
      tone: 'foreign' as const,
    })),
  );
  return [
    ...(clients === undefined
      ? []
      : [{ from: 'namespaces', to: 'group', label: 'TCP 443', tone: clients.tone }]),
    ...(clients?.failing ?? []).map((_, index) => ({
      from: `failing${index}`,
      to: 'namespaces',
      tone: 'broken' as const,
    })),
    ...(notebookAccess?.principals ?? []).map(({ tone }, index) => ({
      from: `principal${index}`,
      to: 'policy',
      tone,
    })),
    ...endpoints.map(({ tone }, row) => ({ from: 'group', to: `endpoint${row}`, tone })),
    ...toZones,
    ...taken,
  ];
}
