import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import { networkPolicyName } from '../src/plan/clients/network-policy/plan-network-policy.ts';
import { previewNamespace } from '../src/plan/clients/preview/preview-namespace.ts';
import { readLinks } from '../src/standalone/link-files.ts';
import type { LinkRun } from '../src/standalone/reports/run-report.ts';
import { awsClientEnvironment } from '../test/environment/aws-client-environment.ts';
import type { ProgramResult } from '../test/environment/run-program.ts';
import type { ClientPod } from './client-pod.ts';
import { type RunningProgram, startProgram } from './program.ts';
import type { LinkManifest, LinkWithStatus, PolicyObject, Stage } from './stage.ts';

const clusterId = 'demo';

/** AWS's minutes are shortened, so the times that the program gives it are too. */
const quick = ['--poll=200ms', '--consistency=500ms', '--iam-settle=300ms'];
const settling = ['--dns-settle=500ms'];

/** The run that is killed and started again: the one that was begun last. */
interface Run {
  readonly name: string;
  readonly program: RunningProgram;
}

/** `apply --wait` and `delete` on files in the folder, as a pipeline runs them. */
export class StandaloneStage implements Stage {
  readonly description = 'the shipped program on files, without a cluster';
  readonly policySource = 'planned as the command `clients` plans it';
  private readonly folder: string;
  private readonly env: NodeJS.ProcessEnv;
  private readonly pod: ClientPod;
  private readonly manifests = new Map<string, LinkManifest>();
  private readonly reports = new Map<string, LinkRun>();
  private readonly told = new Map<string, string[]>();
  private readonly running = new Set<RunningProgram>();
  private last: Run | undefined;
  private failure: Error | undefined;

  /** @param folder for the links' files; made where it is not there */
  constructor(awsUrl: string, folder: string, pod: ClientPod) {
    this.folder = folder;
    this.pod = pod;
    this.env = { ...awsClientEnvironment(awsUrl), SAGEMAKER_PRIVATELINK_CLUSTER_ID: clusterId };
  }

  async apply(link: LinkManifest): Promise<void> {
    const { name } = link.metadata;
    await mkdir(this.folder, { recursive: true });
    await writeFile(this.fileOf(name), stringify(link));
    this.manifests.set(name, link);
    await this.start(name);
  }

  async kill(): Promise<number> {
    if (this.last === undefined) throw new Error('nothing runs that could be killed');
    const { program } = this.last;
    this.running.delete(program);
    await program.kill();
    return program.pid;
  }

  async restart(): Promise<number> {
    if (this.last === undefined) throw new Error('nothing ran that could be started again');
    return (await this.start(this.last.name)).pid;
  }

  async lookNow(name: string): Promise<void> {
    await this.start(name);
  }

  async link(name: string): Promise<LinkWithStatus | undefined> {
    if (this.failure !== undefined) throw this.failure;
    const manifest = this.manifests.get(name);
    const status = this.reports.get(name)?.status;
    return manifest === undefined || status === undefined ? manifest : { ...manifest, status };
  }

  async changes(name: string): Promise<readonly string[]> {
    return this.told.get(name) ?? [];
  }

  async policies(namespace: string): Promise<readonly PolicyObject[]> {
    const links = [...this.manifests.values()].map((link) => ({
      ...withDefaults(link),
      ...statusPart(this.reports.get(link.metadata.name)),
    }));
    const { objects } = previewNamespace({
      namespace: { name: namespace, labels: this.pod.namespaceLabels, deleting: false },
      links,
      existing: [],
      cluster: { kubernetesAPI: [] },
      clusterPolicies: new Set(),
    });
    return objects.flatMap(({ object }) =>
      object.kind === 'NetworkPolicy'
        ? [{ namespace, name: networkPolicyName, spec: object.spec, manifest: object }]
        : [],
    );
  }

  async remove(names: readonly string[]): Promise<void> {
    const files = names.flatMap((name) => ['-f', this.fileOf(name)]);
    const program = await this.run(['delete', '--yes', ...files, ...quick]);
    void program.ended.then((result) => {
      if (result.exitCode === 0) for (const name of names) this.manifests.delete(name);
      else this.fail('delete', result);
    });
  }

  async close(): Promise<void> {
    await Promise.all([...this.running].map((program) => program.kill()));
  }

  private fileOf(name: string): string {
    return join(this.folder, `${name}.yaml`);
  }

  private async start(name: string): Promise<RunningProgram> {
    this.reports.delete(name);
    const flags = ['--wait', '--output=json', ...quick, ...settling];
    const program = await this.run(['apply', '-f', this.fileOf(name), ...flags]);
    this.last = { name, program };
    void program.ended.then((result) => this.note(name, program, result));
    return program;
  }

  private async run(args: readonly string[]): Promise<RunningProgram> {
    const program = await startProgram(args, this.env);
    this.running.add(program);
    return program;
  }

  private note(name: string, program: RunningProgram, result: ProgramResult): void {
    // A killed one has nothing to report.
    if (!this.running.delete(program)) return;
    const { links } = parsed(result.stdout);
    const [run] = links;
    if (run === undefined) return this.fail(`apply of ${name}`, result);
    this.reports.set(name, run);
    const words = run.changes.map(({ action, id, reason }) =>
      [action, ...(id === undefined ? [] : [id])].join(' ').concat(`: ${reason}`),
    );
    this.told.set(name, [...(this.told.get(name) ?? []), ...words]);
  }

  private fail(what: string, { exitCode, stdout, stderr }: ProgramResult): void {
    this.failure = new Error(`${what} ended with ${exitCode}: ${stderr}${stdout}`);
  }
}

/** The link as an API server would keep it: with the defaults of the kind. */
function withDefaults(link: LinkManifest): SageMakerPrivateLink {
  const files = [{ fileName: 'link.yaml', text: stringify(link) }];
  const { links, errors } = readLinks(files, { clusterId });
  const [read] = links;
  if (read === undefined) throw new Error(errors.join('; '));
  const { name, uid, spec } = read;
  return { ...link, spec, metadata: { name, uid, generation: 1, resourceVersion: '' } };
}

function statusPart(run: LinkRun | undefined): Pick<LinkRun, 'status'> {
  return run?.status === undefined ? {} : { status: run.status };
}

function parsed(text: string): { readonly links: readonly LinkRun[] } {
  try {
    return JSON.parse(text) as { readonly links: readonly LinkRun[] };
  } catch {
    return { links: [] };
  }
}
