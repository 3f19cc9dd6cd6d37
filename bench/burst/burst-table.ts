import Table from 'cli-table3';
import type { BurstBenchResult, BurstPhase, IdleBenchResult } from './burst-bench.ts';

/** The figures of a burst as a table and sentences. */
export function burstTableOf(bench: BurstBenchResult): string {
  const { create, idle, burst, events, restart } = bench;
  return [
    ...phasesOf(bench, { create, idle, burst, restart }),
    `Events of the burst: ${events.objects} on the API server, the last one after ${events.seconds} s.`,
  ].join('\n');
}

/** The figures of links at which nothing happens as a table and sentences. */
export function idleTableOf(bench: IdleBenchResult): string {
  const { restart, idle } = bench;
  return phasesOf(bench, { restart, idle }).join('\n');
}

function phasesOf(
  { links, heapMiB, idle, restart }: BurstBenchResult | IdleBenchResult,
  phases: Readonly<Record<string, BurstPhase>>,
): readonly string[] {
  const table = new Table({
    head: ['figure', ...Object.keys(phases)],
    style: { head: [], border: [] },
  });
  for (const [name, of] of figures) table.push([name, ...Object.values(phases).map(of)]);
  const { rssMiB, anonymousMiB } = idle.after;
  return [
    `${links} links (one security group, two endpoints each), a heap of ${heapMiB} MiB. The operator survived.`,
    table.toString(),
    `Idle at the end of two sweeps: ${rssMiB} MiB resident, ${anonymousMiB} MiB anonymous.`,
    `Restart: ${restart.firstPassMs} ms to the end of the first pass.`,
  ];
}

const figures: readonly (readonly [string, (phase: BurstPhase) => number | string])[] = [
  ['seconds', ({ seconds }) => seconds],
  ['resident MiB, peak', ({ rssMiB }) => rssMiB],
  ['anonymous MiB, peak', ({ anonymousMiB }) => anonymousMiB],
  ['event loop stalled, longest, ms', ({ stallMs }) => stallMs],
  ['the same in ms of CPU', ({ stallCpuMs }) => stallCpuMs],
  ['AWS calls per link', ({ awsCallsPerLink }) => awsCallsPerLink],
  [
    'AWS calls',
    ({ awsCalls }) =>
      Object.entries(awsCalls)
        .map(([action, count]) => `${count} ${action}`)
        .join('\n'),
  ],
  ['API server requests per link', ({ kubernetesRequestsPerLink: perLink }) => perLink],
  ['API server writes', ({ kubernetesWrites }) => kubernetesWrites],
  ['own CPU ms per link', ({ cpuMsPerLink }) => cpuMsPerLink],
  ['passes', ({ passes }) => passes],
  ['own CPU ms per pass', ({ cpuMsPerPass }) => cpuMsPerPass],
  ['events joined', ({ eventsJoined }) => eventsJoined],
  ['events dropped', ({ eventsDropped }) => eventsDropped],
];
