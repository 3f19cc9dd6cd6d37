import type { ActionTable, CallContext } from '../../actions.ts';
import type { CatalogueService } from '../../catalogue.ts';
import { AwsError } from '../../protocol/error.ts';
import { type Form, textsOf } from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { zonesOfService } from './endpoint-checks.ts';
import { filtered } from '../filters.ts';
import { pageOf } from '../paging.ts';
import type { RegionState } from '../region.ts';

export const serviceActions: ActionTable = {
  DescribeVpcEndpointServices: {
    readOnly: true,
    optional: ['ServiceName', 'ServiceRegion', 'Filter', 'MaxResults', 'NextToken'],
    run: describeServices,
  },
};

type Filterable = CatalogueService & { readonly tags?: never };

function describeServices(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const names = textsOf(form, 'ServiceName');
  const known = new Set([...region.services.values()].map(({ name }) => name));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new AwsError(
      'InvalidServiceName',
      `The Vpc Endpoint Service '${unknown}' does not exist`,
    );
  }
  const regions = textsOf(form, 'ServiceRegion');
  const services: Filterable[] = [...region.services.values()]
    .filter(({ name }) => names.length === 0 || names.includes(name))
    .filter(() => regions.length === 0 || regions.includes(region.name));
  const matching = filtered(services, form, {
    owner: ({ owner }) => [owner],
    'service-name': ({ name }) => [name],
    'service-region': () => [region.name],
    'service-type': ({ type }) => [type],
    'supported-ip-address-types': ({ ipAddressTypes }) => ipAddressTypes,
  });
  const { rows, nextToken } = pageOf(matching, form, { min: 1 });
  return {
    serviceNameSet: itemsOf([...new Set(rows.map(({ name }) => name))]),
    serviceDetailSet: itemsOf(rows.map((service) => serviceXml(region, service))),
    nextToken,
  };
}

function serviceXml(region: RegionState, service: CatalogueService): XmlElement {
  const zones = zonesOfService(region, service.name);
  const zoneIds = region.zones.filter(({ name }) => zones.includes(name)).map(({ id }) => id);
  const names = service.privateDnsNames;
  return {
    serviceName: service.name,
    serviceId: service.id,
    serviceType: itemsOf([{ serviceType: service.type }]),
    serviceRegion: region.name,
    availabilityZoneSet: itemsOf(zones),
    availabilityZoneIdSet: itemsOf(zoneIds),
    owner: service.owner,
    baseEndpointDnsNameSet: itemsOf([service.baseDnsName]),
    privateDnsName: names[0],
    privateDnsNameSet: itemsOf(names.map((privateDnsName) => ({ privateDnsName }))),
    privateDnsNameVerificationState: names.length === 0 ? undefined : 'verified',
    vpcEndpointPolicySupported: service.policySupported,
    acceptanceRequired: service.acceptanceRequired,
    managesVpcEndpoints: false,
    payerResponsibility: undefined,
    supportedIpAddressTypeSet: itemsOf(service.ipAddressTypes),
    tagSet: itemsOf([]),
  };
}
