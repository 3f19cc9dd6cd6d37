/** How long the places of a replica that is killed are alone, in virtual time, over many moments of death. */
import { ShardReplicas } from '../faults/shard-replicas.ts';
import type { Figures } from './virtual/scenarios.ts';

const replicas = ['one', 'two', 'three'];
const deaths = 20;
const lookEveryMs = 100;

/** @param places how many there are */
export async function measureFailover(places: number): Promise<Figures> {
  const ids = Array.from({ length: places }, (_, index) => `place-${index + 1}`);
  const seconds: number[] = [];
  let moved = 0;
  for (let death = 0; death < deaths; death += 1) {
    const world = new ShardReplicas(ids);
    for (const name of replicas) world.start(name);
    await world.pass(30_000 + (death * 2_000) / deaths);
    const victim = world.replicas.reduce((most, one) =>
      one.works.size > most.works.size ? one : most,
    );
    moved += victim.works.size;
    victim.life.isAlive = false;
    const killedAt = world.time.now();
    while (!ids.every((id) => world.actorsOn(id).length === 1)) await world.pass(lookEveryMs);
    seconds.push((world.time.now() - killedAt) / 1000);
    world.end();
  }
  seconds.sort((one, other) => one - other);
  return {
    scenario: 'failover',
    replicas: replicas.length,
    places,
    deaths,
    placesOfTheDead: Math.round(moved / deaths),
    leaseSeconds: 15,
    secondsUntilAllGoOn: seconds.at(-1),
    medianSeconds: seconds[Math.floor(seconds.length / 2)],
  };
}
