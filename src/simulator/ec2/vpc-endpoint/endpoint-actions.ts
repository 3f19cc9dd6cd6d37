import type { ActionTable, CallContext } from '../../actions.ts';
import { type Form, textsOf } from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { regionOf } from '../context.ts';
import { createVpcEndpoint } from './endpoint-create.ts';
import { deleteVpcEndpoints } from './endpoint-delete.ts';
import { modifyVpcEndpoint } from './endpoint-modify.ts';
import { endpointState } from './endpoint-state.ts';
import { endpointXml } from './endpoint-xml.ts';
import { existing, idKinds } from '../errors.ts';
import { candidates, filtered, type FilterFields } from '../filters.ts';
import { pageOf } from '../paging.ts';
import type { VpcEndpoint } from '../records.ts';
import type { RegionState } from '../region.ts';

export const endpointActions: ActionTable = {
  CreateVpcEndpoint: {
    readOnly: false,
    required: ['VpcId', 'ServiceName'],
    optional: [
      'ClientToken',
      'DnsOptions.DnsRecordIpType',
      'IpAddressType',
      'PolicyDocument',
      'PrivateDnsEnabled',
      'RouteTableId',
      'SecurityGroupId',
      'ServiceRegion',
      'SubnetConfiguration',
      'SubnetId',
      'TagSpecification',
      'VpcEndpointType',
    ],
    run: createVpcEndpoint,
  },
  ModifyVpcEndpoint: {
    readOnly: false,
    required: ['VpcEndpointId'],
    optional: [
      'AddSecurityGroupId',
      'AddSubnetId',
      'DnsOptions.DnsRecordIpType',
      'IpAddressType',
      'PolicyDocument',
      'PrivateDnsEnabled',
      'RemoveSecurityGroupId',
      'RemoveSubnetId',
      'ResetPolicy',
      'SubnetConfiguration',
    ],
    run: modifyVpcEndpoint,
  },
  DeleteVpcEndpoints: { readOnly: false, required: ['VpcEndpointId'], run: deleteVpcEndpoints },
  DescribeVpcEndpoints: {
    readOnly: true,
    optional: ['VpcEndpointId', 'Filter', 'MaxResults', 'NextToken'],
    run: describeVpcEndpoints,
  },
};

function describeVpcEndpoints(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { view } = context;
  const isDescribed = (endpoint: VpcEndpoint): boolean =>
    endpointState(endpoint, view.nowMs) !== undefined;
  const ids = textsOf(form, 'VpcEndpointId');
  const endpoints =
    ids.length === 0
      ? candidates(region.endpoints, form, 'vpc-endpoint-id', view)
      : ids.map((id) => {
          const endpoint = region.endpoints.get(id, view);
          return existing(
            idKinds.endpoint,
            id,
            endpoint && isDescribed(endpoint) ? endpoint : undefined,
          );
        });
  // The filter goes first: most calls ask for a few of thousands.
  const matching = filtered(endpoints, form, filterFields(region, view.nowMs)).filter(isDescribed);
  const { rows, nextToken } = pageOf(matching, form, { ids: 'VpcEndpointId', min: 1 });
  const vpcEndpointSet = itemsOf(rows.map((row) => endpointXml(region, row, view.nowMs)));
  return { vpcEndpointSet, nextToken };
}

function filterFields(region: RegionState, nowMs: number): FilterFields<VpcEndpoint> {
  return {
    'vpc-endpoint-id': (endpoint) => [endpoint.id],
    'vpc-endpoint-state': (endpoint) => [endpointState(endpoint, nowMs) ?? ''],
    'vpc-endpoint-type': (endpoint) => [endpoint.type],
    'vpc-id': (endpoint) => [endpoint.vpcId],
    'service-name': (endpoint) => [endpoint.serviceName],
    'service-region': () => [region.name],
    'ip-address-type': (endpoint) => [endpoint.ipAddressType],
  };
}
