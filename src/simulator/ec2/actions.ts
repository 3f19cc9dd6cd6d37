import type { ActionTable } from '../actions.ts';
import { endpointActions } from './vpc-endpoint/endpoint-actions.ts';
import { groupActions } from './security-group/group-actions.ts';
import { groupVpcActions } from './security-group/group-vpc-actions.ts';
import { interfaceActions } from './network/interface-actions.ts';
import { peeringActions } from './network/peering-actions.ts';
import { prefixListActions } from './network/prefix-list-actions.ts';
import { ruleActions } from './security-group/rule-actions.ts';
import { serviceActions } from './vpc-endpoint/service-actions.ts';
import { subnetActions } from './network/subnet-actions.ts';
import { tagActions } from './tag-actions.ts';
import { vpcActions } from './network/vpc-actions.ts';
import { zoneActions } from './network/zone-actions.ts';

/** Every action of EC2 that the simulator knows. */
export const ec2Actions: ActionTable = {
  ...vpcActions,
  ...subnetActions,
  ...zoneActions,
  ...serviceActions,
  ...endpointActions,
  ...groupActions,
  ...groupVpcActions,
  ...ruleActions,
  ...peeringActions,
  ...prefixListActions,
  ...interfaceActions,
  ...tagActions,
};
