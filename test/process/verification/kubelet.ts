/** A kubelet for the pods that verify: it runs their command as a process, and writes how it ended. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../environment/run-program.ts';
import type { OperatorCluster } from '../cluster/operator-cluster.ts';

const bundle = join(import.meta.dirname, '../../../dist/sagemaker-privatelink.mjs');
const verifyLabel = 'sagemaker.privatelink.dev/verify';

interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly terminationMessagePath: string;
}

/** A pod as the API server has it. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: {
    readonly containers: readonly [Container];
    readonly serviceAccountName?: string;
  };
  readonly status: { readonly phase: string };
}

/** The node and the network that a pod is on. */
export interface Place {
  /** Replaces an address or a port of the link by one of this machine, as a network does. */
  readonly translate: (text: string) => string;
  readonly dnsServer: string;
  readonly caFile: string;
  /** Variables of the environment that somebody injects. */
  readonly env?: Readonly<Record<string, string>>;
  /** In place of running it: what the kubelet or the scheduler writes. */
  readonly status?: object;
}

/** Runs pods one after the other. */
export class Kubelet {
  /** How often a container was run. */
  runs = 0;
  private readonly cluster: OperatorCluster;
  private readonly placeOf: (pod: Pod) => Place | undefined;
  private readonly done = new Set<string>();

  /** @param placeOf undefined: the pod stays pending */
  constructor(cluster: OperatorCluster, placeOf: (pod: Pod) => Place | undefined) {
    this.cluster = cluster;
    this.placeOf = placeOf;
  }

  async pods(): Promise<readonly Pod[]> {
    const path = `/api/v1/pods?labelSelector=${encodeURIComponent(verifyLabel)}`;
    const { body } = await this.cluster.server.request({ path });
    return (body as { items: readonly Pod[] }).items;
  }

  /** Takes every pod that nobody has taken yet. */
  async work(): Promise<void> {
    for (const pod of await this.pods()) {
      const { uid, deletionTimestamp } = pod.metadata;
      const place = this.placeOf(pod);
      if (place === undefined || deletionTimestamp !== undefined || this.done.has(uid)) continue;
      this.done.add(uid);
      await this.write(pod, place.status ?? (await this.run(pod, place)));
    }
  }

  /** Works until the signal aborts. */
  async workOn(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.work();
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private async run(pod: Pod, place: Place): Promise<object> {
    this.runs += 1;
    const [{ args, env, terminationMessagePath, name, image }] = pod.spec.containers;
    const folder = await mkdtemp(join(tmpdir(), 'smpl-kubelet-'));
    try {
      // The kubelet mounts an empty file there.
      const file = join(folder, 'termination-log');
      await writeFile(file, '');
      const mounted = args.map((arg) => arg.replace(terminationMessagePath, file));
      const machine = [`--dns-server=${place.dnsServer}`, `--ca-file=${place.caFile}`];
      const variables = env.map((one) => [one.name, place.translate(one.value)]);
      const { exitCode, stderr } = await runProgram(
        'node',
        [bundle, ...mounted, ...machine, '--timeout=1s', '--delay=0s'],
        { env: { PATH: process.env['PATH'], ...Object.fromEntries(variables), ...place.env } },
      );
      const told = await readFile(file, 'utf8');
      const message = told === '' && exitCode !== 0 ? stderr : told;
      return ended({ name, image, exitCode, message });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async write({ metadata }: Pod, status: object): Promise<void> {
    const path = `/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}/status`;
    const { status: code, body } = await this.cluster.server.request({
      method: 'PATCH',
      path,
      contentType: 'application/merge-patch+json',
      body: { status },
    });
    if (code !== 200 && code !== 404)
      throw new Error(`PATCH ${path}: ${code} ${JSON.stringify(body)}`);
  }
}

interface End {
  readonly name: string;
  readonly image: string;
  readonly exitCode: number;
  readonly message: string;
}

function ended({ name, image, exitCode, message }: End): object {
  const at = new Date().toISOString().replace(/\.\d+/, '');
  const reason = exitCode === 0 ? 'Completed' : 'Error';
  const terminated = { exitCode, reason, message, startedAt: at, finishedAt: at };
  return {
    phase: exitCode === 0 ? 'Succeeded' : 'Failed',
    containerStatuses: [
      { name, image, imageID: '', ready: false, restartCount: 0, state: { terminated } },
    ],
  };
}

/** The status of a pod whose container waits for ever. */
export function waiting(reason: string, message: string): object {
  const state = { waiting: { reason, message } };
  const container = {
    name: 'verify',
    image: 'x',
    imageID: '',
    ready: false,
    restartCount: 0,
    state,
  };
  return { phase: 'Pending', containerStatuses: [container] };
}

/** The status of a pod that no node takes. */
export function unschedulable(message: string): object {
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message };
  return { phase: 'Pending', conditions: [condition] };
}
