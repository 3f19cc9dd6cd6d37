/** The picture of a link from its spec and status alone. Pure: nothing asks AWS or the cluster. */
import { printable } from '../api/printable.ts';
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import { accessPart } from './access-part.ts';
import { clientsPart } from './clients-part.ts';
import { endpointParts } from './endpoint-parts.ts';
import { type Findings, findingsOf } from './findings-of-part.ts';
import { mostUrgent, type Tone } from './tone.ts';
import type { GroupPart, LinkView, Topology, VPCPart } from './topology.ts';
import { zoneParts } from './zone-parts.ts';

/** Draws a link. A link without a status is drawn from its spec, with every part unknown. */
export function linkTopology(link: LinkView): Topology {
  const { name, spec, status = {} } = link;
  const findings = findingsOf(status.conditions ?? []);
  const ready = findings.condition('Ready');
  const zones = zoneParts(link);
  const access = accessPart(link, findings);
  const clients = clientsPart(link, findings);
  const parts = {
    vpc: vpcPart(link, findings),
    zones,
    endpoints: endpointParts(link, zones, findings),
    group: groupPart(link, findings),
    ...(access === undefined ? {} : { notebookAccess: access }),
    ...(clients === undefined ? {} : { clients }),
  };
  return {
    name: printable(name),
    region: printable(spec.region),
    ...(status.account === undefined ? {} : { accountId: printable(status.account) }),
    ...(spec.account === undefined ? {} : { account: printable(spec.account) }),
    tone: toneOfLink(link, findings),
    ready: ready?.status ?? 'Unknown',
    reason: printable(ready?.reason ?? 'NotLookedAtYet'),
    notes: notesOfLink(link, findings),
    conditions: (status.conditions ?? []).map((one) => ({
      type: printable(one.type),
      status: one.status,
      reason: printable(one.reason),
      since: printable(one.lastTransitionTime),
    })),
    ...parts,
    drift: (status.drift ?? []).map((one) => ({
      resource: printable(one.resource),
      field: printable(one.field),
      desired: printable(one.desired),
      actual: printable(one.actual),
      since: printable(one.since),
    })),
    truncated: (status.truncated ?? []).map(({ field, leftOut }) => ({
      field: printable(field),
      leftOut,
    })),
  };
}

function toneOfLink({ isDeleting }: LinkView, findings: Findings): Tone {
  const tone = findings.tone('Ready');
  return isDeleting === true ? mostUrgent([tone, 'waiting']) : tone;
}

function notesOfLink({ isDeleting, spec, status }: LinkView, findings: Findings) {
  if (status?.conditions === undefined) return ['The operator has not looked at it yet.'];
  return [
    ...(isDeleting === true ? ['It is being deleted.'] : []),
    ...(spec.suspend ? ['spec.suspend is true: nothing is looked at or changed.'] : []),
    ...findings.notes('Ready'),
  ];
}

function vpcPart({ spec: { vpc }, status }: LinkView, findings: Findings): VPCPart {
  return {
    ...(status?.vpcId === undefined ? {} : { id: printable(status.vpcId) }),
    wanted: printable(vpc.id ?? tagWords(vpc.tags ?? {})),
    tone: findings.tone('NetworkResolved'),
    notes: findings.notes('NetworkResolved'),
  };
}

function tagWords(tags: Readonly<Record<string, string>>): string {
  return `tags ${Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')}`;
}

function groupPart({ spec, status }: LinkView, findings: Findings): GroupPart {
  const listed = spec.securityGroup?.ids;
  const made = status?.securityGroup?.id;
  const ids = listed ?? (made === undefined ? [] : [made]);
  return {
    ids: ids.map(printable),
    kind: listed === undefined ? 'managed' : 'listed',
    rules: listed === undefined ? ruleWords(spec) : [],
    tone: findings.tone('SecurityGroupReady'),
    notes: findings.notes('SecurityGroupReady'),
  };
}

function ruleWords({ securityGroup }: SageMakerPrivateLinkSpec): readonly string[] {
  const ingress = securityGroup?.ingress;
  if (ingress === undefined) return ["the VPC's CIDR blocks"];
  return ingress.map(({ cidr, securityGroupId, prefixListId, description }) => {
    const source = cidr ?? securityGroupId ?? prefixListId ?? '';
    return printable(description === undefined ? source : `${source} (${description})`);
  });
}
