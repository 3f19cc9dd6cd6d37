import type { ActionTable, CallContext } from '../actions.ts';
import { AwsError } from '../protocol/error.ts';
import { type Form, textsOf } from '../protocol/form.ts';
import { itemsOf, type XmlElement } from '../protocol/xml.ts';
import { regionOf } from './context.ts';
import { filtered } from './filters.ts';

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

function describeZones(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const wanted = [...textsOf(form, 'ZoneName'), ...textsOf(form, 'ZoneId')];
  for (const name of wanted) {
    if (region.zones.some((zone) => zone.name === name || zone.id === name)) continue;
    throw new AwsError('InvalidParameterValue', `Invalid availability zone: [${name}]`);
  }
  const zones = region.zones.filter(
    (zone) => wanted.length === 0 || wanted.includes(zone.name) || wanted.includes(zone.id),
  );
  const rows = filtered<{ name: string; id: string; tags?: never }>(zones, form, {
    'zone-name': (zone) => [zone.name],
    'zone-id': (zone) => [zone.id],
    'zone-type': () => ['availability-zone'],
    'region-name': () => [region.name],
    state: () => ['available'],
    'opt-in-status': () => ['opt-in-not-required'],
  });
  return {
    availabilityZoneInfo: itemsOf(
      rows.map((zone) => ({
        zoneName: zone.name,
        zoneId: zone.id,
        zoneState: 'available',
        regionName: region.name,
        groupName: `${region.name}-zg-1`,
        networkBorderGroup: region.name,
        optInStatus: 'opt-in-not-required',
        zoneType: 'availability-zone',
        messageSet: itemsOf([]),
      })),
    ),
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
