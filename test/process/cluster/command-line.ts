/** The shipped program as a person or a pipeline runs it: no cluster, only files and AWS. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { type ProgramResult, runProgram } from '../../environment/run-program.ts';

const bundle = join(import.meta.dirname, '../../../dist/sagemaker-privatelink.mjs');

/** Whose the links of the files are: there is no default. */
export const identity = { SAGEMAKER_PRIVATELINK_CLUSTER_ID: 'command-line-tests' };

export interface CommandOptions {
  /** Replaces variables of the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** A folder for link files, and the program with an AWS to talk to. */
export class CommandLine {
  readonly folder: string;
  private readonly awsUrl: string;

  private constructor(folder: string, awsUrl: string) {
    this.folder = folder;
    this.awsUrl = awsUrl;
  }

  static async start(awsUrl: string): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), 'smpl-command-')), awsUrl);
  }

  /** Writes a file of links, one document each, or of any text; answers its path. */
  async write(name: string, content: readonly object[] | string): Promise<string> {
    const path = join(this.folder, name);
    const text =
      typeof content === 'string' ? content : content.map((one) => stringify(one)).join('---\n');
    await writeFile(path, text);
    return path;
  }

  /** Runs `sagemaker-privatelink <args>`. An exit code is a result, not an error. */
  async run(args: readonly string[], { env, signal }: CommandOptions = {}): Promise<ProgramResult> {
    return runProgram('node', [bundle, ...args], {
      env: { ...awsClientEnvironment(this.awsUrl), ...identity, ...env },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
