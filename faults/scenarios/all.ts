import { adversityScenarios } from './adversity-scenarios.ts';
import { clientScenarios } from './client-scenarios.ts';
import { clusterPolicyScenarios } from './cluster-policy-scenarios.ts';
import { conditionScenarios } from './condition-scenarios.ts';
import { denialScenarios } from './denial-scenarios.ts';
import { ec2Scenarios } from './ec2-scenarios.ts';
import { identityScenarios } from './identity-scenarios.ts';
import { networkScenarios } from './network-scenarios.ts';
import { notebookScenarios } from './notebook-scenarios.ts';
import { orphanScenarios } from './orphan-scenarios.ts';
import { safetyScenarios } from './safety-scenarios.ts';
import { replicaScenarios } from './replica-scenarios.ts';
import type { Scenario } from './scenario.ts';
import { verificationScenarios } from './verification-scenarios.ts';

const ofOne: readonly Scenario[] = [
  ...ec2Scenarios,
  ...safetyScenarios,
  ...networkScenarios,
  ...denialScenarios,
  ...notebookScenarios,
  ...identityScenarios,
  ...orphanScenarios,
  ...adversityScenarios,
  ...conditionScenarios,
  ...clientScenarios,
  ...clusterPolicyScenarios,
  ...verificationScenarios,
];

/** Every scenario. */
export const scenarios: readonly Scenario[] = [...ofOne, ...replicaScenarios(ofOne)];

/** The scenario of a name. */
export function scenarioOf(name: string): Scenario {
  const found = scenarios.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no scenario "${name}"`);
  return found;
}
