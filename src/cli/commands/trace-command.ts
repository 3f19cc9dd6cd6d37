import { type Command, InvalidArgumentError, Option } from 'commander';
import { systemClock } from '../../runtime/clock.ts';
import type { LinkView, Topology } from '../../topology/topology.ts';
import { outputWidth, useColor } from '../colors.ts';
import { DurationOption } from '../flags/duration-option.ts';
import type { SetExitCode } from '../exit-code.ts';
import { addReadLinksOptions, readLinks, type ReadLinksOptions } from '../read-links.ts';
import { shutdownSignal } from '../signals.ts';
import { UserError } from '../../runtime/user-error.ts';

interface TraceOptions extends ReadLinksOptions {
  readonly output: 'text' | 'json';
  readonly watch?: true;
  readonly pollMs: number;
  readonly width?: number;
}

/** Adds `trace`: each part of a link and why it is as it is, from the status alone. */
export function addTraceCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('trace')
    .argument('[link...]', 'names of links; default: all')
    .description(
      'show links as trees: VPC, zones, group, endpoints, policy and namespaces, with reasons; reads their status alone',
    )
    .option('-w, --watch', 'keep running, and show the links again when anything changes')
    .addOption(
      new DurationOption('--poll', 'how often --watch looks', { usual: '2s', mayBeZero: false }),
    )
    .option('--width <columns>', "columns of a line; default: the terminal's, or 80", columns)
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'))
    .addHelpText('after', help);
  addReadLinksOptions(command).action(async (names: readonly string[], options: TraceOptions) => {
    setExitCode(await runTrace(names, options));
  });
}

const help = `
Signs: ✓ ready, … pending, ✗ broken, ! taken by somebody else, ? unknown.
Exit code: 0 every link is ready, 2 some link is not ready, 1 error.
The JSON output is described by docs/trace.schema.json.`;

function columns(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 40 && count <= 1000) return count;
  throw new InvalidArgumentError('must be a number from 40 to 1000');
}

async function runTrace(names: readonly string[], options: TraceOptions): Promise<number> {
  const signal = shutdownSignal();
  const { linkTopology } = await import('../../topology/link-topology.ts');
  const draw = async (): Promise<readonly Topology[]> =>
    (await readLinks(names, options, signal)).map((link: LinkView) => linkTopology(link));
  if (options.watch === true) await watch(draw, options, signal);
  const links = await draw();
  process.stdout.write(await rendered(links, options));
  return links.every(({ ready }) => ready === 'True') ? 0 : 2;
}

/** Draws for ever; a picture that is the same is not drawn again. */
async function watch(
  draw: () => Promise<readonly Topology[]>,
  options: TraceOptions,
  signal: AbortSignal,
): Promise<never> {
  if (options.filename !== undefined) throw new UserError('--watch needs a cluster: leave out -f');
  const clearScreen = process.stdout.isTTY && options.output === 'text' ? '\u001b[2J\u001b[H' : '';
  let former: string | undefined;
  for (;;) {
    signal.throwIfAborted();
    const text = await rendered(await draw(), options);
    if (text !== former) process.stdout.write(`${clearScreen}${text}`);
    former = text;
    await systemClock().sleep(options.pollMs, signal);
  }
}

async function rendered(links: readonly Topology[], options: TraceOptions): Promise<string> {
  if (options.output === 'json') return `${JSON.stringify({ links }, undefined, 2)}\n`;
  if (links.length === 0) return 'No links.\n';
  const { treeText } = await import('../../topology/render/tree.ts');
  const width = options.width ?? outputWidth();
  const color = useColor(process.stdout);
  return `${links.map((link) => treeText(link, { width, color })).join('\n\n')}\n`;
}
