import type {
  InspectedEndpoint,
  RegionControl,
} from '../../src/simulator/control/region-control.ts';
import type { Chapter, Telling } from '../telling.ts';
import { conditionOf, must, until } from '../waiting.ts';

/** An endpoint of somebody else, which a link would need out of its way. */
export const otherTeam: Chapter = {
  title: "Another team's endpoint is named, and not touched",
  async tell(telling) {
    const { stage, region, simulator, cast } = telling;
    const { theirs } = cast;
    const found = lookAt(region, theirs);
    const first = simulator.calls().length;
    await stage.apply(cast.rival);
    const message = await until(
      telling,
      'the link names their endpoint',
      () => conflictOf(telling, theirs),
      async () => (await stage.link(cast.rival.metadata.name))?.status?.conditions,
    );
    const isSame = JSON.stringify(lookAt(region, theirs)) === JSON.stringify(found);
    must(isSame, 'their endpoint is as it was');
    const writes = simulator
      .calls()
      .slice(first)
      .filter((call) => !call.readOnly && Object.values(call.parameters).includes(theirs));
    must(writes.length === 0, 'no change was asked of their endpoint');
    return {
      lines: [`${cast.rival.metadata.name} is not Ready: ${message}`],
      facts: { endpointId: theirs, tags: found.tags, message, isSame, writes: writes.length },
    };
  },
};

function lookAt(region: RegionControl, id: string): InspectedEndpoint {
  const found = region.endpoints().find((one) => one.id === id);
  if (found === undefined) throw new Error(`${id} is gone`);
  return found;
}

async function conflictOf({ stage, cast }: Telling, id: string): Promise<string | undefined> {
  const ready = conditionOf(await stage.link(cast.rival.metadata.name), 'Ready');
  const isConflict = ready?.status === 'False' && ready.reason === 'PrivateDNSConflict';
  return isConflict && ready.message.includes(id) ? ready.message : undefined;
}
