import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { awsClientEnvironment } from '../../test/environment/aws-client-environment.ts';
import { startProgram } from '../program.ts';
import type { Chapter } from '../telling.ts';
import { must } from '../waiting.ts';

/** The link by the commands that read its status alone: `trace` and `graph`. */
export const picture: Chapter = {
  title: 'One look at the whole link',
  async tell({ stage, cast, folder, memory }) {
    const { name } = cast.link.metadata;
    const link = await stage.link(name);
    await mkdir(folder, { recursive: true });
    const file = join(folder, `${name}.yaml`);
    await writeFile(file, stringify(link));
    const [tree, svg] = await Promise.all([
      output(['trace', '-f', file, '--width=77']),
      output(['graph', '-f', file, '-o', 'svg']),
    ]);
    const path = join(folder, `${name}.svg`);
    await writeFile(path, svg);
    must(svg.includes('<svg') && svg.includes(name), 'graph draws a picture of the link');
    memory.endpoints = (link?.status?.endpoints ?? []).map(({ service = '', id = '' }) => {
      return { service, id };
    });
    return {
      lines: [...tree.trimEnd().split('\n'), `The same as a picture: ${relative('.', path)}`],
      facts: { tree, path, file },
    };
  },
};

/** The output of a command that needs no AWS. */
async function output(args: readonly string[]): Promise<string> {
  const program = await startProgram(args, awsClientEnvironment('http://127.0.0.1:9'));
  const { exitCode, stdout, stderr } = await program.ended;
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}: ${stderr}`);
  return stdout;
}
