/** Somebody with a shell and the page, and nothing else. */
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { findProgram } from '../../environment/control-plane-programs.ts';
import { type Shell, shellBlocksOf, shellWith } from '../../environment/guide-commands.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import type { ProgramResult } from '../../environment/run-program.ts';
import { type Described, idsIn, preface, readyIn } from './page.ts';

const root = join(import.meta.dirname, '../../..');

/** Commands that nothing here could answer, each with what runs instead. */
export const instead: readonly (readonly [RegExp, string])[] = [
  // No kubelet: no pod ever runs.
  [/^kubectl -n \S+ logs .*$/gm, 'true'],
  [/^kubectl get --raw \S+metrics:8080\/proxy\/metrics \\\n.*$/gm, 'true'],
  // The simulated AWS has no CloudTrail and no quotas to ask for, and changes no interface.
  [/^aws cloudtrail lookup-events (?:.*\\\n)*.*$/gm, 'true'],
  [/^aws service-quotas request-service-quota-increase .*$/gm, 'true'],
  [/^aws ec2 modify-network-interface-attribute .*$/gm, 'true'],
];

/** Commands whose exit code is their finding, not a failure, each with the codes that are findings. */
const findings: readonly (readonly [RegExp, string])[] = [
  // 1 is an error.
  [
    /^sagemaker-privatelink (?:verify|doctor|status|trace|clients|plan|explain-access)\b.*$/gm,
    '[[ $? == [23] ]]',
  ],
  [/^kubectl auth can-i .*$/gm, '[ $? -eq 1 ]'],
];

export interface ReaderOptions {
  readonly kubeconfig: string;
  readonly awsUrl: string;
  /** What the reader knows beside the page, such as the id of a new VPC. */
  readonly variables?: Readonly<Record<string, string>>;
}

export class Reader {
  private readonly folder: string;
  private readonly shell: Shell;

  private constructor(folder: string, shell: Shell) {
    this.folder = folder;
    this.shell = shell;
  }

  static async start({ kubeconfig, awsUrl, variables }: ReaderOptions): Promise<Reader> {
    const folder = await mkdtemp(join(tmpdir(), 'smpl-reader-'));
    for (const name of ['deploy', 'crds']) await symlink(join(root, name), join(folder, name));
    const programs = {
      aws: (await ensurePythonEnvironment()).aws,
      kubectl: await findProgram('kubectl'),
      'sagemaker-privatelink': join(root, 'dist/sagemaker-privatelink.mjs'),
    };
    const aws = awsClientEnvironment(awsUrl);
    const environment = { ...aws, ...variables, KUBECONFIG: kubeconfig };
    return new Reader(folder, await shellWith(folder, programs, environment, folder));
  }

  /** The values and `fill` of docs/operations.md, for sections that ask for them. */
  async prepareInstall(): Promise<void> {
    const [values = '', policy = ''] = await shellBlocksOf('docs/operations.md', 'Install');
    const [fill = ''] = policy.split('\n');
    await this.run(`${values}\n${fill}`);
  }

  /** Begins at the top of the page; answers with the condition Ready as it was printed. */
  async lookAt(link: string): Promise<Described> {
    const { stdout } = await this.run(preface.replace('ml-prod', link));
    const ready = readyIn(stdout);
    const ids = Object.entries(idsIn(ready.message)).map(([name, id]) => `export ${name}='${id}'`);
    await this.run(ids.join('\n'));
    return ready;
  }

  /** Runs a block. Its variables and functions are there in the next one, as in one terminal. Throws when it fails. */
  async run(block: string): Promise<ProgramResult> {
    const memory = join(this.folder, 'variables.sh');
    const script = [
      `[ ! -f '${memory}' ] || . '${memory}'`,
      'set -a',
      runnable(block),
      'set +a',
      `{ declare -px | grep -v '^declare -[a-z]*r'; declare -f; } > '${memory}'`,
    ];
    const result = await this.shell.run(script.join('\n'));
    if (result.exitCode !== 0) {
      throw new Error(`exit code ${result.exitCode}:\n${block}\n${result.stdout}${result.stderr}`);
    }
    return result;
  }

  async end(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function runnable(block: string): string {
  const replaced = instead.reduce((text, [command, other]) => text.replace(command, other), block);
  return findings.reduce(
    (text, [command, codes]) => text.replace(command, (line) => `${line} || ${codes}`),
    replaced,
  );
}
