import type {
  SecurityGroupAction,
  SecurityGroupResults,
} from '../../plan/security-group/actions.ts';
import { sentBy, type WriteTable } from '../write-table.ts';
import {
  authorizeIngress,
  revokeEgress,
  revokeIngress,
  updateRuleDescriptions,
} from './write-rules.ts';
import { createSecurityGroup, deleteSecurityGroup } from './write-security-groups.ts';

/** How the actions on a security group are sent. */
export const securityGroupWrites: WriteTable<SecurityGroupAction, SecurityGroupResults> = {
  CreateSecurityGroup: { send: createSecurityGroup },
  AuthorizeIngress: { send: authorizeIngress },
  RevokeIngress: sentBy(revokeIngress),
  RevokeEgress: sentBy(revokeEgress),
  UpdateRuleDescriptions: sentBy(updateRuleDescriptions),
  DeleteSecurityGroup: sentBy(deleteSecurityGroup),
};
