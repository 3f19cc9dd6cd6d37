/** The resources at the simulated AWS of the link that scenarios are about. */
import { ownershipTags } from '../../src/plan/ownership/ownership.ts';
import type { InspectedEndpoint } from '../../src/simulator/control/region-control.ts';
import type { Run } from '../run.ts';
import { clusterId } from '../world/foreign.ts';
import { linkName } from './scenario.ts';

/** The link's endpoints that stand. */
export function endpointsOf(run: Run): readonly InspectedEndpoint[] {
  const uid = run.link(linkName)?.metadata.uid;
  return run.ec2.endpoints().filter(({ tags, state }) => {
    const isOurs = tags[ownershipTags.uid] === uid && tags[ownershipTags.cluster] === clusterId;
    return isOurs && !state.startsWith('delet');
  });
}

/** The group of the link's endpoints. */
export function groupIdOf(run: Run): string {
  const [id] = endpointsOf(run)[0]?.groupIds ?? [];
  if (id === undefined) throw new Error('the link has no group');
  return id;
}
