/** Commands for the reader, who needs no AWS account and no cluster for them. */
import { relative } from 'node:path';
import { thiefAddress } from './cast.ts';
import { bundle } from './program.ts';

/** Each may go on in the next line, as a shell takes it. */
export interface CommandsToTry {
  /** About the files that the demo leaves. */
  readonly files: readonly string[];
  /** Serves a simulated AWS, and prints lines for another terminal. */
  readonly serve: string;
  /** Goes on in that terminal, after those lines. */
  readonly apply: string;
}

/** @param file the link with its status */
export function commandsToTry(
  file: string,
  endpoints: readonly { readonly service: string; readonly id: string }[],
): CommandsToTry {
  const program = `node ${relative('.', bundle)}`;
  const link = relative('.', file);
  const ids = endpoints.map(({ service, id }) => `--endpoint ${service}=${id}`);
  return {
    files: [
      `${program} trace -f ${link}`,
      `${program} graph -f ${link} -o dot`,
      [`${program} explain-access -f ${link}`, ...ids, `--source-ip ${thiefAddress}`].join(
        ' \\\n    ',
      ),
    ],
    serve: `${program} simulate-aws --time-scale 20`,
    apply: `${program} apply -f link.yaml --wait --cluster-id me`,
  };
}

/** The commands with what they are for. */
export function tryItLines({ files, serve, apply }: CommandsToTry): readonly string[] {
  const indented = (command: string): string => `  ${command}`;
  return [
    '\nTry it yourself. About the link as the demo left it:\n',
    ...files.map(indented),
    '\nA link of your own needs a simulated AWS in one terminal:\n',
    indented(serve),
    '\nand in another one, after the lines that it prints:\n',
    indented(apply),
  ];
}
