import type { Simulator } from '../../../src/simulator/simulator.ts';

/** A role of another account that lets the operator in with an external id. */
export interface TargetAccount {
  readonly accountId: string;
  readonly externalId: string;
  /** @default "links" */
  readonly roleName?: string;
}

/** Makes the role as `deploy/iam/trust-policy-target-account.json` says; returns its ARN. */
export function createTargetRole(simulator: Simulator, target: TargetAccount): string {
  const { accountId, externalId, roleName: name = 'links' } = target;
  const Principal = { AWS: `arn:aws:iam::${simulator.world.defaultAccountId}:root` };
  const Condition = { StringEquals: { 'sts:ExternalId': externalId } };
  const Statement = [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, Condition }];
  const trustPolicy = JSON.stringify({ Version: '2012-10-17', Statement });
  return simulator.world.account(accountId).createPrincipal({ kind: 'role', name, trustPolicy })
    .arn;
}
