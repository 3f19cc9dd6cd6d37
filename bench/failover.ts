/** How long the place of a replica that is killed is alone: the whole operator in virtual time, over many moments of death. */
import { plainSpec } from '../faults/links.ts';
import { createRunKit, Run, type RunKit } from '../faults/run.ts';
import type { Figures } from './virtual/scenarios.ts';

const replicas = 3;
const deaths = 20;
const retryPeriodMs = 2_000;
const limitMs = 120_000;

/** @param links how many are in the place; each is edited when its owner has died */
export async function measureFailover(links: number): Promise<Figures> {
  const kit = createRunKit();
  const alone: Alone[] = [];
  for (let death = 0; death < deaths; death += 1) {
    alone.push(await dieOnce(kit, links, (death * retryPeriodMs) / deaths));
  }
  const sorted = (of: (one: Alone) => number): readonly number[] =>
    alone.map((one) => of(one) / 1000).toSorted((one, other) => one - other);
  const taken = sorted(({ takenMs }) => takenMs);
  const passed = sorted(({ passedMs }) => passedMs);
  return {
    scenario: 'failover',
    replicas,
    links,
    deaths,
    leaseSeconds: 15,
    secondsUntilTaken: taken.at(-1),
    medianSecondsUntilTaken: taken[Math.floor(deaths / 2)],
    secondsUntilFirstPass: passed.at(-1),
  };
}

/** From the death of an owner. */
interface Alone {
  /** Until another one has the place. */
  readonly takenMs: number;
  /** Until the first pass of a link has ended there. */
  readonly passedMs: number;
}

async function dieOnce(kit: RunKit, links: number, atMs: number): Promise<Alone> {
  const run = new Run(kit, { replicas });
  try {
    const names = Array.from({ length: links }, (_, index) => `link-${index + 1}`);
    const spec = {
      ...plainSpec(run.surroundings),
      endpoints: [{ service: 'api', privateDNS: false }],
    };
    for (const name of names) run.create(name, spec);
    if (!(await run.rest())) throw new Error('the links do not come to rest');
    await run.pass(30_000 + atMs);
    const killed = run.killOwner();
    const diedAt = run.time.now();
    for (const name of names) run.update(name, { tags: { team: 'another' } });
    const since = (): number => run.time.now() - diedAt;
    await run.until(() => !['', killed].includes(run.owner()), diedAt + limitMs);
    const takenMs = since();
    const isPassed = ({ metadata, status }: ReturnType<Run['allLinks']>[number]): boolean =>
      status?.observedGeneration === metadata.generation;
    await run.until(() => run.allLinks().some(isPassed), diedAt + limitMs);
    return { takenMs, passedMs: since() };
  } finally {
    run.close();
  }
}
