import type { ActionTable, CallContext } from '../../actions.ts';
import { overlaps } from '../../networks.ts';
import { AwsError } from '../../protocol/error.ts';
import { type Form, requiredTextOf, textOf, textsOf } from '../../protocol/form.ts';
import { itemsOf, timeOf, type XmlElement } from '../../protocol/xml.ts';
import { unsupported } from '../../unsupported.ts';
import { regionOf } from '../context.ts';
import { existing, idKinds } from '../errors.ts';
import { filtered } from '../filters.ts';
import { pageOf } from '../paging.ts';
import { expiresAtMs, peeringFilters, statusOf } from './peering-filters.ts';
import { blocksOf, changePeering, isDescribed, peeringsBetween, putPeering } from './peerings.ts';
import type { PeeredVpc, VpcPeering } from '../records.ts';
import type { RegionState } from '../region.ts';
import { tagSetOf, tagsOnCreate } from '../tag-specifications.ts';

/** Peerings of VPCs of one region, so that groups can name groups of another VPC. */
export const peeringActions: ActionTable = {
  CreateVpcPeeringConnection: {
    readOnly: false,
    required: ['VpcId'],
    optional: ['PeerVpcId', 'PeerOwnerId', 'PeerRegion', 'TagSpecification'],
    run: createPeering,
  },
  AcceptVpcPeeringConnection: {
    readOnly: false,
    required: ['VpcPeeringConnectionId'],
    run: acceptPeering,
  },
  DeleteVpcPeeringConnection: {
    readOnly: false,
    required: ['VpcPeeringConnectionId'],
    run: deletePeering,
  },
  DescribeVpcPeeringConnections: {
    readOnly: true,
    optional: ['VpcPeeringConnectionId', 'Filter', 'MaxResults', 'NextToken'],
    run: describePeerings,
  },
};

/** A request of the caller's VPC; what is wrong on the other side makes it `failed`, not an error. */
function createPeering(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { requester, accepter } = partiesIn(region, form);
  const own = existing(idKinds.vpc, requester.vpcId, region.vpcs.get(requester.vpcId));
  const open = peeringsBetween(region, requester.vpcId, accepter.vpcId).filter(({ status }) =>
    ['pending-acceptance', 'active'].includes(status),
  );
  if (open.length > 0) {
    const message = 'A VPC peering connection between the VPCs already exists';
    throw new AwsError('VpcPeeringConnectionAlreadyExists', message);
  }
  const other = region.inAccount(accepter.accountId).vpcs.get(accepter.vpcId);
  const isOverlapping =
    other !== undefined && own.cidrs.some((a) => other.cidrs.some((b) => overlaps(a.cidr, b.cidr)));
  const nowMs = region.ledger.now();
  const peering = putPeering(region, {
    id: region.ids.resource('pcx'),
    requester,
    accepter,
    status: other === undefined || isOverlapping ? 'failed' : 'pending-acceptance',
    createdAtMs: nowMs,
    changedAtMs: nowMs,
    tags: tagsOnCreate(form, 'vpc-peering-connection'),
  });
  return { vpcPeeringConnection: peeringXml(region, peering) };
}

function partiesIn(region: RegionState, form: Form): Pick<VpcPeering, 'requester' | 'accepter'> {
  const peerRegion = textOf(form, 'PeerRegion') ?? region.name;
  if (peerRegion !== region.name) throw unsupported('Peering with another region');
  return {
    requester: { accountId: region.accountId, vpcId: requiredTextOf(form, 'VpcId') },
    accepter: {
      accountId: textOf(form, 'PeerOwnerId') ?? region.accountId,
      vpcId: requiredTextOf(form, 'PeerVpcId'),
    },
  };
}

/** The account of the VPC that was asked accepts. */
function acceptPeering(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const peering = peeringIn(region, form);
  if (peering.accepter.accountId !== region.accountId) {
    const message = `User ${region.accountId} cannot accept peering ${peering.id}`;
    throw new AwsError('OperationNotPermitted', message);
  }
  checkStatus(region, peering, ['pending-acceptance', 'active']);
  const accepted = changePeering(region, peering, 'active');
  return { vpcPeeringConnection: peeringXml(region, accepted) };
}

/** Either side deletes an active one; rules that name the other's groups become stale. */
function deletePeering(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const peering = peeringIn(region, form);
  checkStatus(region, peering, ['pending-acceptance', 'active']);
  changePeering(region, peering, 'deleted');
  return { return: true };
}

function checkStatus(
  region: RegionState,
  peering: VpcPeering,
  allowed: readonly VpcPeering['status'][],
): void {
  const { code } = statusOf(peering, region.ledger.now());
  if ((allowed as readonly string[]).includes(code)) return;
  throw new AwsError(
    'InvalidStateTransition',
    `Invalid state transition for ${peering.id}: ${code}`,
  );
}

function peeringIn(region: RegionState, form: Form): VpcPeering {
  const id = requiredTextOf(form, 'VpcPeeringConnectionId');
  return existing(idKinds.peering, id, describedOf(region, region.peerings.get(id)));
}

function describedOf(region: RegionState, row: VpcPeering | undefined): VpcPeering | undefined {
  return row !== undefined && isDescribed(row, region.ledger.now()) ? row : undefined;
}

function describePeerings(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { view } = context;
  const ids = textsOf(form, 'VpcPeeringConnectionId');
  const peerings =
    ids.length === 0
      ? region.peerings.list(view).filter((row) => isDescribed(row, view.nowMs))
      : ids.map((id) =>
          existing(idKinds.peering, id, describedOf(region, region.peerings.get(id, view))),
        );
  const matching = filtered(peerings, form, peeringFilters(region, view.nowMs));
  const { rows, nextToken } = pageOf(matching, form, { ids: 'VpcPeeringConnectionId' });
  const vpcPeeringConnectionSet = itemsOf(rows.map((row) => peeringXml(region, row)));
  return { vpcPeeringConnectionSet, nextToken };
}

function peeringXml(region: RegionState, peering: VpcPeering): XmlElement {
  const isPending = peering.status === 'pending-acceptance';
  return {
    vpcPeeringConnectionId: peering.id,
    requesterVpcInfo: partyXml(region, peering.requester),
    accepterVpcInfo: partyXml(region, peering.accepter),
    status: { ...statusOf(peering, region.ledger.now()) },
    expirationTime: isPending ? timeOf(expiresAtMs(peering)) : undefined,
    tagSet: tagSetOf(peering.tags),
  };
}

function partyXml(region: RegionState, party: PeeredVpc): XmlElement {
  const blocks = blocksOf(region, party);
  return {
    ownerId: party.accountId,
    vpcId: party.vpcId,
    region: region.name,
    cidrBlock: blocks[0],
    cidrBlockSet: itemsOf(blocks.map((cidrBlock) => ({ cidrBlock }))),
    peeringOptions: {
      allowDnsResolutionFromRemoteVpc: false,
      allowEgressFromLocalClassicLinkToRemoteVpc: false,
      allowEgressFromLocalVpcToRemoteClassicLink: false,
    },
  };
}
