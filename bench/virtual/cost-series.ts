/** The figures of scenarios that are drawn, and the values that they are to reach. Pure. */
import type { Series } from '../cost-chart.ts';
import type { Figures, ScenarioName } from './scenarios.ts';

interface Drawn {
  readonly key: string;
  readonly name: string;
  /** Where the axis begins. @default 0 */
  readonly base?: number;
  readonly goals?: Partial<Readonly<Record<ScenarioName, number>>>;
}

const drawn: readonly Drawn[] = [
  { key: 'ratioToLimit', name: 'time ÷ limit of the bucket', base: 1, goals: { storm: 1.01 } },
  { key: 'ratioToFloor', name: 'time ÷ floor', base: 1, goals: { delete: 1.05 } },
  { key: 'readsPerSweep', name: 'reads a sweep', goals: { steady: 12 } },
  { key: 'calls', name: 'calls to AWS', goals: { restart: 20 } },
  { key: 'callsPerLink', name: 'calls to AWS per link', goals: { storm: 6.5 } },
  {
    key: 'availableToReadyP99',
    name: 'seconds from available to Ready, 99 of 100 links',
    goals: { storm: 1.5 },
  },
  { key: 'passesToReadyPerLink', name: 'passes per link until Ready', goals: { storm: 8 } },
  { key: 'statusWritesPerLink', name: 'status writes per link', goals: { steady: 0 } },
  { key: 'cpuSeconds', name: 'seconds of CPU, simulation included' },
];

/** The series of the figures that the runs have. */
export function seriesOf(scenario: ScenarioName, runs: readonly Figures[]): readonly Series[] {
  return drawn.flatMap(({ key, name, base, goals }) => {
    const points = runs.flatMap((run) => {
      const [links, value] = [run['links'], run[key]];
      return typeof links === 'number' && typeof value === 'number' ? [{ links, value }] : [];
    });
    if (points.length === 0) return [];
    const goal = goals?.[scenario];
    const optional = {
      ...(base === undefined ? {} : { base }),
      ...(goal === undefined ? {} : { goal }),
    };
    return [{ name, points, ...optional }];
  });
}
