import { join } from 'node:path';
import { ensureGoProgram } from './go-program.ts';
import { ensurePythonEnvironment } from './python.ts';
import { runProgram } from './run-program.ts';

/** A pod as an engine of policies knows it. */
export interface JudgedPod {
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespaceLabels: Readonly<Record<string, string>>;
}

/** The first packet of a connection. */
export interface Packet {
  /** The address of one of the pods. */
  readonly from: string;
  readonly to: string;
  readonly protocol: 'TCP' | 'UDP';
  readonly port: number;
}

interface Case {
  readonly pods: readonly JudgedPod[];
  readonly packets: readonly Packet[];
}

export interface KubernetesCase extends Case {
  readonly networkPolicies: readonly unknown[];
  /** Of policy.networking.k8s.io. */
  readonly clusterNetworkPolicies: readonly unknown[];
}

export interface CiliumCase extends Case {
  readonly clusterwidePolicies: readonly unknown[];
  /** Addresses of the node that the pods run on. */
  readonly nodes: readonly string[];
  readonly kubernetesAPI: readonly string[];
}

export interface AnalyzerCase extends Case {
  /** NetworkPolicies, or GlobalNetworkPolicies of Calico. */
  readonly policies: readonly unknown[];
}

/** For each case, for each packet: whether the policies let it through. */
export type Verdicts = readonly (readonly boolean[])[];

const tools = join(import.meta.dirname, '../../tools');

/** The Go sources of the engines, by what their modules bring beside it. */
export const judgeSources = {
  kubernetes: join(tools, 'kube-network-policies'),
  cilium: join(tools, 'cilium-policy'),
} as const;

/** Builds and installs the engines where they are not there yet: that takes minutes, once. */
export async function prepareJudges(): Promise<void> {
  await ensureGoProgram(judgeSources.kubernetes);
  await ensureGoProgram(judgeSources.cilium);
  await analyzerEnvironment();
}

/** How long that may take on a machine that does other work beside, in milliseconds. */
export const prepareJudgesMs = 1_200_000;

/** Judged by the engine of sigs.k8s.io/kube-network-policies. Built once: that takes minutes. */
export async function judgeByKubeNetworkPolicies(
  cases: readonly KubernetesCase[],
): Promise<Verdicts> {
  return answer(await ensureGoProgram(judgeSources.kubernetes), [], cases);
}

/** Judged by Cilium's own engine. Built once: that takes minutes. */
export async function judgeByCilium(cases: readonly CiliumCase[]): Promise<Verdicts> {
  return answer(await ensureGoProgram(judgeSources.cilium), [], cases);
}

/** Judged by network-config-analyzer, which knows no tiers of Calico. */
export async function judgeByAnalyzer(cases: readonly AnalyzerCase[]): Promise<Verdicts> {
  const { python } = await analyzerEnvironment();
  return answer(python, [join(import.meta.dirname, 'policy_analyzer.py')], cases);
}

function analyzerEnvironment() {
  return ensurePythonEnvironment(join(import.meta.dirname, 'requirements-policies.txt'));
}

async function answer(
  command: string,
  args: readonly string[],
  cases: readonly Case[],
): Promise<Verdicts> {
  const result = await runProgram(command, args, { input: JSON.stringify(cases) });
  if (result.exitCode !== 0) throw new Error(`${command} failed:\n${result.stderr}`);
  return JSON.parse(result.stdout) as Verdicts;
}
