import type { ActionTable } from '../actions.ts';
import { endpointActions } from './endpoint-actions.ts';
import { groupActions } from './group-actions.ts';
import { groupVpcActions } from './group-vpc-actions.ts';
import { interfaceActions } from './interface-actions.ts';
import { peeringActions } from './peering-actions.ts';
import { prefixListActions } from './prefix-list-actions.ts';
import { ruleActions } from './rule-actions.ts';
import { serviceActions } from './service-actions.ts';
import { subnetActions } from './subnet-actions.ts';
import { tagActions } from './tag-actions.ts';
import { vpcActions } from './vpc-actions.ts';
import { zoneActions } from './zone-actions.ts';

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
