/** `npm run bench -- --scenario looks`: how long answering one link costs beside thousands of others. */
import { overtakes } from '../src/aws/apply-action.ts';
import { createRecentWrites } from '../src/aws/consistency/recent-writes.ts';
import { createOwnedMerges, type OwnedRead } from '../src/aws/merge-owned.ts';
import type { Endpoint } from '../src/plan/facts.ts';
import type { OwnerIdentity } from '../src/plan/looks.ts';
import { ownershipTagsOf } from '../src/plan/ownership/ownership.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { creation } from '../test/unit/aws/aws-values.ts';

/** How long looks take, in milliseconds. */
export interface MergeLooks {
  readonly links: number;
  readonly recentWrites: number;
  /** The first look after a read, which merges for all. */
  readonly firstMs: number;
  /** Each look after it, with a write before each. */
  readonly eachMs: number;
}

/** Measures looks of links with three resources each, all of them just made and not read yet. */
export function measureMergeLooks(links: number): MergeLooks {
  const writes = createRecentWrites(systemClock(), 600_000, overtakes);
  const merges = createOwnedMerges(writes);
  const owners = Array.from({ length: links }, (_, index) => ownerOf(index));
  for (const owner of owners) {
    for (const id of [0, 1, 2]) {
      const endpoint = endpointOf(owner, id);
      writes.record(creation({ tags: endpoint.tags }), { endpoint });
    }
  }
  const nothing = { all: [], begunAt: performance.now() };
  const read: OwnedRead = { endpoints: nothing, securityGroups: nothing };
  const firstMs = timeOf(() => merges.mergeOwnedOf(read, ownerOf(0)));
  const allMs = timeOf(() => {
    for (const owner of owners) {
      const endpoint = endpointOf(owner, 3);
      writes.record(creation({ tags: endpoint.tags }), { endpoint });
      const { endpoints } = merges.mergeOwnedOf(read, owner);
      if (endpoints.length !== 4)
        throw new Error(`${owner.name} has ${endpoints.length} endpoints`);
    }
  });
  return { links, recentWrites: links * 3, firstMs, eachMs: allMs / links };
}

function ownerOf(index: number): OwnerIdentity {
  return { clusterId: 'bench', uid: `uid-${index}`, name: `link-${index}` };
}

function endpointOf(owner: OwnerIdentity, index: number): Endpoint {
  return {
    id: `vpce-${owner.uid}-${index}`,
    state: 'pending',
    vpcId: 'vpc-1',
    serviceName: `com.amazonaws.eu-west-1.service-${index}`,
    subnetIds: ['subnet-1'],
    securityGroupIds: ['sg-1'],
    networkInterfaceIds: [],
    privateDnsEnabled: false,
    dnsEntries: [],
    ipAddressType: 'ipv4',
    tags: ownershipTagsOf(owner, 'endpoint'),
  } as unknown as Endpoint;
}

function timeOf(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}
