/**
 * Measures what the operator costs; `npm run bench -- --help` has the scenarios, options and figures.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { type BurstBenchOptions, runBurstBench, runIdleBench } from './burst/burst-bench.ts';
import { burstTableOf, idleTableOf } from './burst/burst-table.ts';
import { type ClientsBenchResult, runClientsBench } from './clients-bench.ts';
import { measureFailover } from './failover.ts';
import { measureMergeLooks } from './merge-looks.ts';
import { type BenchResult, runBench } from './run-bench.ts';
import { costChart } from './cost-chart.ts';
import { usage } from './usage.ts';
import { seriesOf } from './virtual/cost-series.ts';
import {
  type Figures,
  runScenario,
  type ScenarioName,
  scenarioNames,
} from './virtual/scenarios.ts';

const { values: flags } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'links' },
    namespaces: { type: 'string', default: '500' },
    burst: { type: 'string', default: '100' },
    /** In virtual time: of the links, such as `10m`. */
    'sweep-interval': { type: 'string' },
    links: { type: 'string', default: '20' },
    vpcs: { type: 'string', default: '1' },
    backend: { type: 'string', default: 'moto' },
    sweeps: { type: 'string', default: '3' },
    'aws-rates': { type: 'string', default: 'off' },
    /** With `burst` and `idle`: the program that runs the operator, and more options for it. */
    node: { type: 'string' },
    'node-options': { type: 'string' },
    json: { type: 'boolean', default: false },
    /** In virtual time: a file for a chart of the figures against the numbers of links. */
    svg: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

if (flags.help) {
  process.stdout.write(usage);
  process.exit();
}

// The SDK would write about Node versions between the figures.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

const scenarios = [
  'links',
  'burst',
  'idle',
  'clients',
  'looks',
  'failover',
  ...scenarioNames,
] as const;
type Scenario = (typeof scenarios)[number];

const chosen = oneOf('scenario', [...scenarios, 'all']);
if (chosen === 'all') await measureAll();
else await measure(chosen, print);

/** One after the other, each with its name: figures of some do not have it. */
async function measureAll(): Promise<void> {
  if (flags.svg !== undefined) throw new RangeError('--svg draws one scenario, not all');
  for (const scenario of scenarios) {
    await measure(scenario, (result, table) =>
      print({ scenario, ...result }, () => `${scenario}\n${table(result)}\n`),
    );
  }
}

async function measure(scenario: Scenario, show: typeof print): Promise<void> {
  switch (scenario) {
    case 'links':
      return show(await runLinks(), tableOf);
    case 'burst':
      return show(await runBurstBench(onShippedMemory()), burstTableOf);
    case 'idle':
      return show(await runIdleBench(onShippedMemory()), idleTableOf);
    case 'clients':
      return show(await runClients(), clientsTableOf);
    case 'looks':
      return show({ ...measureMergeLooks(wholeNumber('links')) }, figuresTable);
    case 'failover':
      return show(await measureFailover(wholeNumber('links')), figuresTable);
    default:
      if (flags.svg !== undefined) return drawCost(scenario, flags.svg);
      return show(
        await runScenario(scenario, wholeNumber('links'), flags['sweep-interval']),
        figuresTable,
      );
  }
}

/** Runs a scenario with each of the numbers of links, and draws the figures. */
async function drawCost(name: ScenarioName, file: string): Promise<void> {
  const runs: Figures[] = [];
  for (const links of flags.links.split(',').map((one) => wholeNumberFrom('links', one))) {
    const figures = await runScenario(name, links, flags['sweep-interval']);
    print(figures, figuresTable);
    runs.push(figures);
  }
  writeFileSync(file, costChart(`Scenario ${name}, in virtual time`, seriesOf(name, runs)));
}

function onShippedMemory(): BurstBenchOptions {
  const { node, 'node-options': nodeOptions } = flags;
  return {
    links: wholeNumber('links'),
    ...(node === undefined ? {} : { node }),
    ...(nodeOptions === undefined ? {} : { nodeOptions }),
    onPhase,
    onFigures: (name, figures) => onPhase(`${name}: ${JSON.stringify(figures)}`),
  };
}

function runClients(): Promise<ClientsBenchResult> {
  return runClientsBench({
    namespaces: wholeNumber('namespaces'),
    burst: wholeNumber('burst'),
    onPhase,
  });
}

function runLinks(): Promise<BenchResult> {
  return runBench({
    links: wholeNumber('links'),
    vpcs: wholeNumber('vpcs'),
    sweeps: wholeNumber('sweeps'),
    backend: oneOf('backend', ['moto', 'simulator']),
    awsRates: oneOf('aws-rates', ['published', 'off']),
    onPhase,
  });
}

function figuresTable(figures: Figures): string {
  const table = new Table({ head: ['figure', 'value'], style: { head: [] } });
  for (const [name, value] of Object.entries(figures)) {
    const isList = typeof value === 'object';
    const lines = isList ? Object.entries(value).map(([key, count]) => `${count} ${key}`) : [value];
    table.push([name, lines.join('\n')]);
  }
  return table.toString();
}

function onPhase(name: string): void {
  if (!flags.json) process.stderr.write(`${name} ...\n`);
}

function print<T extends object>(result: T, table: (result: T) => string): void {
  process.stdout.write(`${flags.json ? JSON.stringify(result) : table(result)}\n`);
}

function wholeNumber(name: 'links' | 'vpcs' | 'sweeps' | 'namespaces' | 'burst'): number {
  return wholeNumberFrom(name, flags[name]);
}

function wholeNumberFrom(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new RangeError(`--${name} must be a whole number above 0, not ${text}`);
}

function oneOf<T extends string>(
  name: 'scenario' | 'backend' | 'aws-rates',
  choices: readonly T[],
): T {
  const choice = choices.find((one) => one === flags[name]);
  if (choice !== undefined) return choice;
  throw new RangeError(`--${name} must be one of ${choices.join(', ')}, not ${flags[name]}`);
}

function tableOf(bench: BenchResult): string {
  const { links, vpcs, backend, awsRates, linksWithPrivateDns, rssMiB } = bench;
  const table = new Table({
    head: ['phase', 'seconds', 'AWS calls', 'per link', 'by action'],
    style: { head: [], border: [] },
  });
  for (const [name, phase] of Object.entries(bench.phases)) {
    const byAction = Object.entries(phase.byAction).map(([action, count]) => `${count} ${action}`);
    table.push([name, phase.seconds, phase.awsCalls, phase.callsPerLink, byAction.join('\n')]);
  }
  const { sweeps, callsPerSweep, objectsWritten } = bench.phases.steady;
  return [
    `${links} links (one security group, two endpoints each) in ${vpcs} VPCs on ${backend}, ${linksWithPrivateDns} of them with private DNS; AWS's call rates: ${awsRates}.`,
    table.toString(),
    `Steady: ${sweeps} sweeps, ${callsPerSweep} AWS calls per sweep of all links, ${objectsWritten} objects written.`,
    `Operator: ${rssMiB} MiB.`,
  ].join('\n');
}

function clientsTableOf(bench: ClientsBenchResult): string {
  const { namespaces, configure, addressChange, burst, rssMiB } = bench;
  const table = new Table({
    head: ['phase', 'seconds', 'writes per namespace', 'reads'],
    style: { head: [], border: [] },
  });
  for (const [name, phase] of Object.entries({ configure, 'address change': addressChange })) {
    table.push([name, phase.seconds, phase.writesPerNamespace, phase.reads]);
  }
  return [
    `${namespaces} namespaces of one link, each with a ConfigMap and a NetworkPolicy.`,
    table.toString(),
    `${burst.namespaces} namespaces at one moment: p50 ${burst.p50Ms} ms, p99 ${burst.p99Ms} ms until configured.`,
    `Operator: ${rssMiB} MiB.`,
  ].join('\n');
}
