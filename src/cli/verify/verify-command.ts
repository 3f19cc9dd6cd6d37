import { type Command, InvalidArgumentError, Option } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeReport, linkVariable } from '../../api/verification-report.ts';
import { proxyFromEnvironment } from '../../operator/proxy-settings.ts';
import { UserError } from '../../runtime/user-error.ts';
import { type ForbiddenAddress, usuallyForbidden } from '../../verify/judge-shut.ts';
import type { LinkVerdict } from '../../verify/verdict.ts';
import type { VerifyOptions } from '../../verify/verify-link.ts';
import { DurationOption } from '../flags/duration-option.ts';
import type { SetExitCode } from '../exit-code.ts';
import { readLinkFiles } from '../read-link-files.ts';
import { linksOfCluster } from '../read-links.ts';
import { shutdownSignal } from '../signals.ts';
import { forbiddenAddresses } from './forbidden-address.ts';
import type { LinkToVerify } from './links-to-verify.ts';

interface VerifyFlags {
  readonly filename?: readonly string[];
  readonly recursive?: true;
  readonly context?: string;
  readonly kubeconfig?: string;
  readonly output: 'text' | 'json' | 'metrics';
  readonly selected?: true;
  /** False: none. */
  readonly mustNotAnswer?: readonly ForbiddenAddress[] | false;
  readonly timeoutMs: number;
  readonly delayMs: number;
  readonly dnsServer?: string;
  readonly caFile?: string;
  readonly link?: string;
  readonly report?: string;
}

/** Adds `verify`. Exit code 0: all is reachable, 2: something is not, 1: an error. */
export function addVerifyCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('verify')
    .argument('[link...]', 'names of links; default: all')
    .description(
      "test the way from this machine to links' endpoints: names, TCP, TLS; makes no AWS call",
    )
    .option('--context <name>', "the cluster's links, by this context of the kubeconfig")
    .option('--kubeconfig <file>', "the cluster's links, by this kubeconfig")
    .addOption(
      new Option(
        '-f, --filename <file>',
        'YAML with links and their status, as kubectl get -o yaml prints them, in place of a cluster; - for standard input; may be repeated',
      ).argParser((file: string, former: readonly string[] | undefined) => [
        ...(former ?? []),
        file,
      ]),
    )
    .option('-R, --recursive', 'include files of subfolders')
    .addOption(
      new Option('-o, --output <form>', 'form; metrics is the text format of Prometheus')
        .choices(['text', 'json', 'metrics'])
        .default('text'),
    )
    .option(
      '--selected',
      "run in a pod that the links' network policy selects: also test that other addresses do not answer",
    )
    .addOption(
      new Option(
        '--must-not-answer <address:port>',
        `an address that must not answer; may be repeated; with --selected by default ${usuallyForbidden.map(({ address, port }) => `${address}:${port}`).join(' and ')}`,
      ).argParser(forbiddenAddresses),
    )
    .option('--no-must-not-answer', 'test no such address')
    .addOption(
      new DurationOption('--timeout', 'how long a name or a connection may take', {
        usual: '5s',
        mayBeZero: false,
      }),
    )
    .addOption(
      new Option(
        '--dns-server <address>',
        "ask this resolver in place of the machine's own, such as the second address of the VPC",
      ).argParser(serverAddress),
    )
    .addOption(
      new Option('--ca-file <file>', 'PEM file of further certificate authorities to trust').env(
        'AWS_CA_BUNDLE',
      ),
    )
    .addHelpText('after', help)
    .action(async (names: readonly string[], flags: VerifyFlags) => {
      setExitCode(await runVerify(names, flags));
    });
  addPodOptions(command);
}

/** Options of the pods that the operator starts. */
function addPodOptions(command: Command): void {
  command
    .addOption(
      new Option(
        '--link <json>',
        'the link as the pods of spec.verify are given it, in place of a file or a cluster',
      ).env(linkVariable),
    )
    .addOption(
      new DurationOption(
        '--delay',
        'wait before looking: network policies reach a new pod some seconds after its start',
        { usual: '0s', mayBeZero: true },
      ),
    )
    .option(
      '--report <file>',
      'write the verdict on one link there, as the termination message of a pod: in short, and with exit code 0 once that is done',
    );
}

const help = `
Exit code: 0 everything can be reached, 2 something cannot, 1 error.
The JSON output is described by docs/verify.schema.json.`;

/** `10.0.0.2`, `10.0.0.2:53`, `[fd00::2]:53` */
function serverAddress(text: string): string {
  const address = text.replace(/^\[(.+)\](:\d+)?$/, '$1').replace(/^([\d.]+):\d+$/, '$1');
  if (isIP(address) !== 0) return text;
  throw new InvalidArgumentError('must be the address of a resolver, such as 10.0.0.2');
}

async function runVerify(names: readonly string[], flags: VerifyFlags): Promise<number> {
  const signal = shutdownSignal();
  const links = await linksOf(names, flags, signal);
  const options = await optionsOf(flags);
  if (flags.delayMs > 0) await sleep(flags.delayMs, undefined, { signal });
  const { verifyLink } = await import('../../verify/verify-link.ts');
  const verdicts: LinkVerdict[] = [];
  for (const link of links) {
    signal.throwIfAborted();
    verdicts.push(await verifyLink(link, options));
  }
  if (flags.report !== undefined) await report(verdicts, flags.report);
  process.stdout.write(await rendered(verdicts, flags.output));
  // A pod that told its verdict has done its work, whatever the verdict is.
  if (flags.report !== undefined) return 0;
  return verdicts.every(({ reachable }) => reachable) ? 0 : 2;
}

async function report(verdicts: readonly LinkVerdict[], file: string): Promise<void> {
  const [verdict, ...others] = verdicts;
  if (verdict === undefined || others.length > 0) {
    throw new UserError('--report takes the verdict on one link: name it');
  }
  const { reportOf } = await import('../../verify/report-verdict.ts');
  try {
    await writeFile(file, encodeReport(reportOf(verdict)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UserError(`${file} (--report) cannot be written: ${why}`);
  }
}

async function linksOf(
  names: readonly string[],
  flags: VerifyFlags,
  signal: AbortSignal,
): Promise<readonly LinkToVerify[]> {
  const { checkSelected, checkStatus, linkInJson, linksWithStatus, named } = await import(
    './links-to-verify.ts'
  );
  const { filename, context, kubeconfig, selected } = flags;
  const hasCluster = context !== undefined || kubeconfig !== undefined;
  if (flags.link !== undefined && filename === undefined && !hasCluster) {
    const links = named([linkInJson(flags.link)], names);
    links.forEach(checkStatus);
    return links;
  }
  if (filename !== undefined && hasCluster) {
    throw new UserError('-f takes links from files and no cluster: leave one out');
  }
  const all =
    filename === undefined
      ? await linksOfCluster(flags, signal)
      : linksWithStatus(await readLinkFiles({ ...flags, filename }));
  const links = named(all, names);
  links.forEach(checkStatus);
  if (selected === true) links.forEach(checkSelected);
  return links;
}

async function optionsOf(flags: VerifyFlags): Promise<VerifyOptions> {
  const { timeoutMs, dnsServer, caFile, selected, mustNotAnswer } = flags;
  const { hostResolver, serverResolver } = await import('../../verify/probe/resolve-name.ts');
  const proxyFor = proxyFromEnvironment(process.env);
  return {
    resolve:
      dnsServer === undefined ? hostResolver(timeoutMs) : serverResolver(dnsServer, timeoutMs),
    proxyFor: (url) => withoutCredentials(proxyFor(url)),
    timeoutMs,
    authorities: caFile === undefined ? undefined : await authoritiesIn(caFile),
    isSelected: selected === true,
    forbidden: forbiddenOf(mustNotAnswer, selected === true),
  };
}

function forbiddenOf(
  given: VerifyFlags['mustNotAnswer'],
  isSelected: boolean,
): readonly ForbiddenAddress[] {
  if (given === false) return [];
  return given ?? (isSelected ? usuallyForbidden : []);
}

function withoutCredentials(proxy: string | undefined): string | undefined {
  return proxy === undefined ? undefined : new URL(proxy).origin;
}

async function authoritiesIn(file: string): Promise<string> {
  const { authoritiesOf } = await import('./authorities.ts');
  try {
    return authoritiesOf(await readFile(file, 'utf8'));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const fault = error instanceof RangeError ? why : `cannot be read: ${why}`;
    throw new UserError(`${file} (--ca-file or AWS_CA_BUNDLE) ${fault}`);
  }
}

async function rendered(
  verdicts: readonly LinkVerdict[],
  output: VerifyFlags['output'],
): Promise<string> {
  switch (output) {
    case 'json':
      return `${JSON.stringify({ links: verdicts }, undefined, 2)}\n`;
    case 'metrics': {
      const { verdictMetrics } = await import('../../verify/verdict-metrics.ts');
      return verdictMetrics(verdicts);
    }
    case 'text': {
      const { verdictText } = await import('../../verify/verdict-text.ts');
      return `${verdicts.map(verdictText).join('\n\n')}\n`;
    }
  }
}
