/** The operator as it is shipped: a process with its manifests on a real API server. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import {
  type ApiServer,
  type ApiServerOptions,
  startApiServer,
} from '../../environment/api-server.ts';
import type { ApiServerAccess } from '../../environment/api-server-access.ts';
import { borrowApiServer, type BorrowedApiServer } from '../../environment/api-server-pool.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { type ServerProcess, startServerProcess } from '../../environment/child-process.ts';
import { type EventuallyOptions, eventually } from '../../environment/eventually.ts';
import { kubectl } from '../../environment/kubectl.ts';
import type { ProgramResult } from '../../environment/run-program.ts';
import { fluxViolations } from '../../status/flux-conformance.ts';

const root = join(import.meta.dirname, '../../..');
const bundle = join(root, 'dist/sagemaker-privatelink.mjs');
const namespace = 'sagemaker-privatelink-system';
const serviceAccount = 'sagemaker-privatelink-operator';

/** What the tests pass beyond the shipped arguments: faster paces and free ports. */
const testArguments = [
  '--health-port=0',
  '--metrics-port=0',
  '--host=127.0.0.1',
  '--poll=0.3s',
  '--consistency=1s',
  '--dns-settle=1s',
  '--iam-settle=0.5s',
  '--log-level=debug',
];

/** Generous, because several clusters may share a busy machine. */
const patience: EventuallyOptions = { withinMs: 90_000, everyMs: 150 };

/** A running operator process. */
export interface OperatorProcess extends ServerProcess {
  /** Lines of its log, parsed. */
  log(): Promise<readonly Record<string, unknown>[]>;
  /** Base URL of /healthz and /readyz. */
  healthUrl(): Promise<string>;
}

type Lent = { readonly own: ApiServer } | { readonly borrowed: BorrowedApiServer };

/** What a test wants of its cluster beyond an operator in it. */
export interface OperatorClusterOptions {
  /** An API server that no other test file gets before or after: to restart it, or to look into it. */
  readonly own?: ApiServerOptions;
  /** @default true */
  readonly install?: boolean;
}

/** A cluster with the shipped manifests installed, and an AWS at `awsUrl`. */
export class OperatorCluster {
  readonly server: ApiServerAccess;
  readonly awsUrl: string;
  private readonly processes: ServerProcess[] = [];
  private readonly folders: string[] = [];
  private readonly lent: Lent;

  private constructor(awsUrl: string, lent: Lent) {
    this.awsUrl = awsUrl;
    this.server = 'own' in lent ? lent.own : lent.borrowed.access;
    this.lent = lent;
  }

  /**
   * Borrows an API server, or starts one where there is none to borrow, and installs `deploy/` with
   * kubectl, as a user does.
   */
  static async start(
    awsUrl: string,
    { own, install = true }: OperatorClusterOptions = {},
  ): Promise<OperatorCluster> {
    const borrowed = own === undefined ? await borrowApiServer() : undefined;
    const lent = borrowed === undefined ? { own: await startApiServer(own) } : { borrowed };
    const cluster = new OperatorCluster(awsUrl, lent);
    if (install) await cluster.install();
    return cluster;
  }

  /** The API server's processes. Throws where the server is only borrowed. */
  get ownServer(): ApiServer {
    if ('own' in this.lent) return this.lent.own;
    throw new Error('start the cluster with an API server of its own');
  }

  async install(): Promise<void> {
    await this.kubectlOrThrow(['apply', '-k', join(root, 'deploy')]);
    await this.kubectlOrThrow([
      'wait',
      '--for=condition=Established',
      '--timeout=30s',
      'crd/sagemakerprivatelinks.sagemaker.privatelink.dev',
    ]);
  }

  /** Runs the shipped arguments with the service account's own token. */
  async startOperator(
    extra: {
      readonly args?: readonly string[];
      readonly env?: Record<string, string>;
      /** Another way to the API server, such as through a proxy. */
      readonly kubeconfig?: string;
    } = {},
  ): Promise<OperatorProcess> {
    const kubeconfig = extra.kubeconfig ?? (await this.kubeconfigOfOperator());
    const folder = await mkdtemp(join(tmpdir(), 'smpl-operator-'));
    this.folders.push(folder);
    const args = [...(await shippedArguments()), ...testArguments, ...(extra.args ?? [])];
    const process = await startServerProcess({
      name: 'operator',
      command: 'node',
      args: [bundle, ...args, `--kubeconfig=${kubeconfig}`],
      env: { ...awsClientEnvironment(this.awsUrl), ...extra.env },
      logFile: join(folder, 'operator.log'),
      scratchFolder: folder,
    });
    this.processes.push(process);
    return withLog(process);
  }

  /** An administrator's. */
  get kubeconfig(): string {
    return this.server.kubeconfig;
  }

  private async kubeconfigOfOperator(): Promise<string> {
    return (await this.server.kubeconfigForServiceAccount(namespace, serviceAccount)).kubeconfig;
  }

  async kubectl(args: readonly string[], input?: string): Promise<ProgramResult> {
    const { kubeconfig } = this.server;
    return kubectl(args, { kubeconfig, ...(input === undefined ? {} : { input }) });
  }

  async kubectlOrThrow(args: readonly string[], input?: string): Promise<string> {
    const { exitCode, stdout, stderr } = await this.kubectl(args, input);
    if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  }

  /** Makes the endpoint slice that an API server keeps of itself, for which this one is not set up. */
  async publishApiServer(address: string): Promise<void> {
    const slice = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: 'kubernetes',
        namespace: 'default',
        labels: { 'kubernetes.io/service-name': 'kubernetes' },
      },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address] }],
      ports: [{ name: 'https', port: 6443, protocol: 'TCP' }],
    };
    await this.kubectlOrThrow(['apply', '-f', '-'], JSON.stringify(slice));
  }

  async apply(object: object): Promise<void> {
    await this.kubectlOrThrow(['apply', '-f', '-'], JSON.stringify(object));
  }

  /** The link, or undefined if it does not exist. Every status seen must be well-formed. */
  async link(name: string): Promise<SageMakerPrivateLink | undefined> {
    const { status, body } = await this.server.request({
      path: `/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks/${name}`,
    });
    if (status === 404) return undefined;
    if (status !== 200) throw new Error(`GET link ${name}: ${status} ${JSON.stringify(body)}`);
    return body as SageMakerPrivateLink;
  }

  /** Waits until the link is as the check wants it. */
  async linkThat(
    name: string,
    what: string,
    check: (link: SageMakerPrivateLink) => boolean,
    options: EventuallyOptions = patience,
  ): Promise<SageMakerPrivateLink> {
    return eventually(async () => {
      const link = await this.link(name);
      if (link !== undefined && link.status?.conditions !== undefined) {
        const violations = fluxViolations(link);
        if (violations.length > 0) throw new Error(violations.join('; '));
      }
      if (link !== undefined && check(link)) return link;
      throw new Error(`${name} is not ${what}: ${inWords(link)}`);
    }, options);
  }

  async linkIsReady(name: string, options?: EventuallyOptions): Promise<SageMakerPrivateLink> {
    return this.linkThat(
      name,
      'ready',
      (link) =>
        conditionOf(link, 'Ready')?.status === 'True' &&
        link.status?.observedGeneration === link.metadata.generation,
      options,
    );
  }

  async linkIsGone(name: string, options: EventuallyOptions = patience): Promise<void> {
    await eventually(async () => {
      const link = await this.link(name);
      if (link !== undefined) throw new Error(`still there: ${JSON.stringify(link.status)}`);
    }, options);
  }

  /** Deletes links, all at once, and waits until the operator has let go of each. */
  async remove(...names: readonly string[]): Promise<void> {
    await this.kubectlOrThrow(['delete', 'smpl', '--wait=false', ...names]);
    for (const name of names) await this.linkIsGone(name);
  }

  /** Asks for a look at a link now, as a user who does not want to wait for its sweep. */
  async lookNow(name: string): Promise<void> {
    const request = `sagemaker.privatelink.dev/reconcile-requested-at=${Date.now()}`;
    await this.kubectlOrThrow(['annotate', 'smpl', name, '--overwrite', request]);
  }

  /** Takes away what tests and operators have made, and undoes what they changed of `deploy/`. */
  private async giveBack(server: BorrowedApiServer): Promise<void> {
    await this.install();
    const links = '/apis/sagemaker.privatelink.dev/v1alpha1/sagemakerprivatelinks';
    await this.deleteAll(links);
    const { body } = await this.server.request({ path: links });
    for (const { metadata } of (body as { items: readonly SageMakerPrivateLink[] }).items) {
      await this.server.request({
        method: 'PATCH',
        path: `${links}/${metadata.name}`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { finalizers: null } },
      });
    }
    await this.deleteAll(`/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`);
    await this.deleteAll('/apis/events.k8s.io/v1/namespaces/default/events');
    await server.giveBack();
  }

  private async deleteAll(path: string): Promise<void> {
    const { status, body } = await this.server.request({ method: 'DELETE', path });
    if (status !== 200) throw new Error(`DELETE ${path}: ${status} ${JSON.stringify(body)}`);
  }

  /** Throws after all is ended if Node warned in one of the operators, such as of too many listeners. */
  async stop(): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    const warnings = (await Promise.all(this.processes.map(warningsOf))).flat();
    if ('own' in this.lent) await this.lent.own.stop();
    else await this.giveBack(this.lent.borrowed);
    await Promise.all(this.folders.map((folder) => rm(folder, { recursive: true, force: true })));
    if (warnings.length > 0) throw new Error(warnings.join('\n'));
  }
}

/** Lines that Node itself wrote, such as "(node:7) MaxListenersExceededWarning: ...". */
async function warningsOf({ logFile }: ServerProcess): Promise<readonly string[]> {
  const lines = (await readFile(logFile, 'utf8')).split('\n');
  const warnings = lines.filter((line) => /^\(node:\d+\) /.test(line));
  // The same one comes with many counts.
  return warnings.slice(0, 3);
}

/** What an error shows of a link: its conditions, one per line. */
function inWords(link: SageMakerPrivateLink | undefined): string {
  if (link === undefined) return 'it does not exist';
  const conditions = link.status?.conditions ?? [];
  if (conditions.length === 0) return `no conditions: ${JSON.stringify(link.status)}`;
  return conditions
    .map(({ type, status, reason, message }) => `\n${type}=${status} (${reason}) ${message}`)
    .join('');
}

/** The condition of a type, if the link has it. */
export function conditionOf(
  link: SageMakerPrivateLink,
  type: string,
): NonNullable<NonNullable<SageMakerPrivateLink['status']>['conditions']>[number] | undefined {
  return link.status?.conditions?.find((one) => one.type === type);
}

/** The container's arguments in `deploy/base/deployment.yaml`. */
async function shippedArguments(): Promise<readonly string[]> {
  const text = await readFile(join(root, 'deploy/base/deployment.yaml'), 'utf8');
  const [deployment] = parseAllDocuments(text).map((document) => document.toJS() as Deployment);
  const args = deployment?.spec.template.spec.containers[0]?.args;
  if (args === undefined)
    throw new Error('deploy/base/deployment.yaml has no container with arguments');
  return args;
}

interface Deployment {
  readonly spec: {
    readonly template: { readonly spec: { readonly containers: readonly { args: string[] }[] } };
  };
}

function withLog(process: ServerProcess): OperatorProcess {
  const log = async (): Promise<readonly Record<string, unknown>[]> => {
    const text = await readFile(process.logFile, 'utf8');
    const lines = text.split('\n').filter((line) => line.startsWith('{'));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return {
    ...process,
    log,
    healthUrl: () =>
      eventually(async () => {
        const line = (await log()).find(({ message }) => message === 'listening');
        if (line === undefined) throw new Error(`not listening: ${await process.logTail()}`);
        return `http://127.0.0.1:${String(line['healthPort'])}`;
      }),
  };
}
