/** When objects arrived in namespaces, as a watch of kubectl sees it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../test/environment/control-plane-programs.ts';

/** By namespace, on the clock of `performance.now()`. */
export type ArrivalTimes = ReadonlyMap<string, number>;

/** Until kubectl's watch is open: it says nothing of it. */
const openMs = 2_000;

/**
 * Watches a resource in all namespaces from now on.
 *
 * @param resource plural name, such as `configmaps`
 * @returns the time of the first object in each namespace, and how to end the watch
 */
export async function watchArrivals(
  kubeconfig: string,
  resource: string,
): Promise<{ readonly times: ArrivalTimes; stop(): void }> {
  const names = 'jsonpath={.metadata.namespace} {.metadata.name}{"\\n"}';
  const args = ['get', resource, '--all-namespaces', '--watch-only', '-o', names];
  const child = spawn(await findProgram('kubectl'), ['--kubeconfig', kubeconfig, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const times = new Map<string, number>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [namespace = '', name = ''] = line.split(' ');
    // Each namespace of a cluster with a controller manager has it.
    if (name === 'kube-root-ca.crt' || times.has(namespace)) return;
    times.set(namespace, performance.now());
  });
  await sleep(openMs);
  return { times, stop: () => void child.kill() };
}
