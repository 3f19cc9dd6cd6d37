import type { ActionTable, CallContext } from '../../actions.ts';
import { AwsError } from '../../protocol/error.ts';
import { booleanOf, type Form, textsOf } from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { filtered } from '../filters.ts';
import type { RegionState, Zone } from '../region.ts';
import { isEnabled } from './subnets.ts';

export const zoneActions: ActionTable = {
  DescribeAvailabilityZones: {
    readOnly: true,
    optional: ['ZoneName', 'ZoneId', 'AllAvailabilityZones', 'Filter'],
    run: describeZones,
  },
  DescribeRegions: {
    readOnly: true,
    optional: ['RegionName', 'AllRegions', 'Filter'],
    run: describeRegions,
  },
};

/** Zones that the account may use; with AllAvailabilityZones also those it has not opted in to. */
function describeZones(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const wanted = [...textsOf(form, 'ZoneName'), ...textsOf(form, 'ZoneId')];
  for (const name of wanted) {
    if (region.zones.some((zone) => zone.name === name || zone.id === name)) continue;
    throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${name}]`);
  }
  const all = booleanOf(form, 'AllAvailabilityZones') === true;
  const zones = region.zones
    .filter((zone) => all || isEnabled(zone))
    .filter(({ name, id }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(id));
  const rows = filtered<DescribedZone>(
    zones.map((zone) => describedZone(region, zone)),
    form,
    {
      'group-long-name': ({ groupLongName }) => [groupLongName ?? []].flat(),
      'group-name': ({ groupName }) => [groupName],
      message: () => [],
      'opt-in-status': ({ optInStatus }) => [optInStatus],
      'parent-zone-id': ({ parentZoneId }) => [parentZoneId ?? []].flat(),
      'parent-zone-name': ({ parentZoneName }) => [parentZoneName ?? []].flat(),
      'region-name': () => [region.name],
      state: ({ zoneState }) => [zoneState],
      'zone-id': ({ zoneId }) => [zoneId],
      'zone-name': ({ zoneName }) => [zoneName],
      'zone-type': ({ zoneType }) => [zoneType],
    },
  );
  return {
    availabilityZoneInfo: itemsOf(rows.map((row) => ({ ...row, messageSet: itemsOf([]) }))),
  };
}

interface DescribedZone {
  readonly zoneName: string;
  readonly zoneId: string;
  readonly zoneState: string;
  readonly zoneType: string;
  readonly regionName: string;
  readonly groupName: string;
  readonly groupLongName?: string;
  readonly networkBorderGroup: string;
  readonly optInStatus: string;
  readonly parentZoneName?: string;
  readonly parentZoneId?: string | undefined;
  readonly tags?: never;
}

function describedZone(region: RegionState, { name, id, local }: Zone): DescribedZone {
  const common = { zoneName: name, zoneId: id, zoneState: 'available', regionName: region.name };
  if (local === undefined) {
    return {
      ...common,
      zoneType: 'availability-zone',
      groupName: `${region.name}-zg-1`,
      networkBorderGroup: region.name,
      optInStatus: 'opt-in-not-required',
    };
  }
  const parent = region.zones.find((zone) => zone.name === local.parentZone);
  return {
    ...common,
    zoneType: 'local-zone',
    groupName: local.groupName,
    groupLongName: `Local Zone ${local.groupName}`,
    networkBorderGroup: local.groupName,
    optInStatus: local.isOptedIn ? 'opted-in' : 'not-opted-in',
    parentZoneName: local.parentZone,
    parentZoneId: parent?.id,
  };
}

function describeRegions(context: CallContext, form: Form): XmlElement {
  const { partition } = regionOf(context);
  const wanted = textsOf(form, 'RegionName');
  const regions = partition.regions.map((name) => ({ name, endpoint: endpointOf(name) }));
  function endpointOf(name: string): string {
    return `ec2.${name}.${partition.dnsSuffix}`;
  }
  const unknown = wanted.find((name) => !partition.regions.includes(name));
  if (unknown !== undefined) {
    throw new AwsError('InvalidParameterValue', `Invalid region provided: ${unknown}`);
  }
  const rows = filtered<{ name: string; endpoint: string; tags?: never }>(
    regions.filter(({ name }) => wanted.length === 0 || wanted.includes(name)),
    form,
    {
      'region-name': ({ name }) => [name],
      endpoint: ({ endpoint }) => [endpoint],
      'opt-in-status': () => ['opt-in-not-required'],
    },
  );
  return {
    regionInfo: itemsOf(
      rows.map(({ name, endpoint }) => ({
        regionName: name,
        regionEndpoint: endpoint,
        optInStatus: 'opt-in-not-required',
      })),
    ),
  };
}
