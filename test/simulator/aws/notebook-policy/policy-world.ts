import type { CreatePolicy } from '../../../../src/plan/notebook-policy/actions.ts';
import type { ManagedPolicy, PolicyDocument, Principal } from '../../../../src/plan/facts.ts';
import {
  ownershipTagsOf,
  policyName,
  policyPath,
} from '../../../../src/plan/ownership/ownership.ts';
import type { AccountControl } from '../../../../src/simulator/control/account-control.ts';
import type { SimulatorOptions } from '../../../../src/simulator/options.ts';
import { owner, type SimulatedCloud, startSimulatedCloud } from '../simulated-cloud.ts';

export const name = policyName(owner);
export const arn = `arn:aws:iam::111122223333:policy${policyPath}${name}`;
export const lead: Principal = { kind: 'role', name: 'Lead' };
export const ann: Principal = { kind: 'user', name: 'ann' };
export const team: Principal = { kind: 'group', name: 'team' };

/** A document like ours, told apart by its networks. */
export function documentOf(...cidrs: readonly string[]): PolicyDocument {
  const Condition = { NotIpAddress: { 'aws:SourceIp': cidrs } };
  const Action = 'sagemaker:CreatePresignedNotebookInstanceUrl';
  const Statement = [{ Sid: 'Deny1', Effect: 'Deny', Action, Resource: '*', Condition }];
  return { Version: '2012-10-17', Statement };
}

export const first = documentOf('203.0.113.0/24');
export const second = documentOf('2001:db8::/48');

export const creation: CreatePolicy = {
  kind: 'CreatePolicy',
  reason: 'r',
  name,
  path: policyPath,
  description: 'of a link',
  document: first,
  tags: ownershipTagsOf(owner, 'notebook-policy'),
};

export const named = { reason: 'r', arn } as const;

/** A world whose account has these principals. */
export async function startPolicyWorld(
  principals: readonly Principal[],
  simulator: SimulatorOptions = {},
): Promise<SimulatedCloud> {
  const world = await startSimulatedCloud({ simulator });
  for (const principal of principals) iamOf(world).createPrincipal(principal);
  return world;
}

/** IAM of the account, in the hands of somebody else than the operator. */
export function iamOf({ simulator }: SimulatedCloud): AccountControl {
  return simulator.world.account();
}

/** The policy as the operator is told about it. */
export async function shownPolicy(world: SimulatedCloud): Promise<ManagedPolicy | undefined> {
  return (await world.look({ kind: 'ManagedPolicy', arn })).policy;
}
