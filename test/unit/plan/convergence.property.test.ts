import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLinkStatus } from '../../../src/api/sagemaker-private-link.ts';
import { copyOf, fingerprint } from '../../model/aws-world.ts';
import { cases } from '../../model/cases.ts';
import { anySpec, plainSpec } from '../../model/generated-specs.ts';
import {
  anyWorldSeed,
  calmSeed,
  fileOwner,
  type Ownership,
  owner,
  type WorldSeed,
  worldFrom,
} from '../../model/generated-worlds.ts';
import { ownedBy } from '../../model/goal.ts';
import { isFormerSelf } from '../../model/model-cloud.ts';
import { LinkLife, reasonsOf } from '../../model/link-life.ts';
import { expectTrueOrExplained } from './at-rest.ts';

// Every pass of every test here also runs the rules of test/model/step-rules.ts (nothing of others
// is touched, nobody who stays allowed is cut off) and of test/model/status-rules.ts.

test('from any world a link comes to rest: the spec is true, or a reason says why not', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, async (seed, spec) => {
      const life = new LinkLife({ world: worldFrom(seed), spec });
      const { end, idleWrites } = await life.settle();
      expect(idleWrites).toBe(0);
      expectTrueOrExplained(life, end);
    }),
    { numRuns: cases(200) },
  );
});

function isReady({ conditions = [] }: SageMakerPrivateLinkStatus): boolean {
  return conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
}

function saidIn({ conditions = [] }: SageMakerPrivateLinkStatus): readonly string[] {
  return conditions.map(({ type, status, reason, message }) =>
    [type, status, reason, message].join(' '),
  );
}

test('a file leaves what files of its name have elsewhere, whatever it may take over', async () => {
  const elsewhere = ({ tags }: { tags: Readonly<Record<string, string>> }): boolean =>
    tags['sagemaker.privatelink.dev/uid'] === 'uid-elsewhere';
  const seen = { others: 0, takenBack: 0 };
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, async (seed, spec) => {
      const world = worldFrom(withFiles(seed));
      const everything = (): readonly { id: string; tags: Readonly<Record<string, string>> }[] => [
        ...world.endpoints.values(),
        ...world.groups.values(),
        ...world.policies.values(),
      ];
      const before = new Map(everything().map(({ id, tags }) => [id, tags]));
      const former = everything().filter(({ tags }) => isFormerSelf(tags, fileOwner));
      const life = new LinkLife({
        world,
        spec: { ...spec, adoption: 'IfUnowned' },
        owner: fileOwner,
      });
      const { idleWrites } = await life.settle();
      expect(idleWrites).toBe(0);
      // What AWS was deleting is gone by now.
      for (const { id, tags } of everything()) {
        const had = before.get(id) ?? {};
        if (elsewhere({ tags: had })) expect(tags).toEqual(had);
      }
      const taken = former.filter(({ id }) =>
        everything().some((one) => one.id === id && !isFormerSelf(one.tags, fileOwner)),
      );
      seen.others += everything().filter(elsewhere).length;
      seen.takenBack += taken.length;
    }),
    { numRuns: cases(40), examples: [[twoOfThisName, plainSpec]] },
  );
  // Else the property would say nothing.
  expect(seen.others).toBeGreaterThan(0);
  expect(seen.takenBack).toBeGreaterThan(0);
});

/** `withFiles` makes one of them the file's own former self and the other one somebody else's. */
const twoOfThisName: WorldSeed = {
  ...calmSeed,
  endpoints: (['nobody', 'ack'] as const).map((ownership, index) => ({
    service: 'api',
    ownership,
    state: 'available',
    inOtherVpc: false,
    subnets: [index === 0 ? 'subnet-a' : 'subnet-b'],
    useTwin: false,
    privateDns: false,
    policy: 'none',
    requesterManaged: false,
  })),
};

/** The same world with files' resources in the place of other tools' and nobody's. */
function withFiles(seed: WorldSeed): WorldSeed {
  const files: Partial<Record<Ownership, Ownership>> = {
    ack: 'otherFile',
    cloudFormation: 'otherFile',
    nobody: 'formerSelf',
  };
  const given = <T extends { readonly ownership: Ownership }>(one: T): T => ({
    ...one,
    ownership: files[one.ownership] ?? one.ownership,
  });
  return { ...seed, endpoints: seed.endpoints.map(given), groups: seed.groups.map(given) };
}

test('a link at rest makes no write after a restart, and its status stays as it is', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, async (seed, spec) => {
      const life = new LinkLife({ world: worldFrom(seed), spec });
      await life.settle();
      const { status } = life;
      const before = fingerprint(life.world);
      life.restart('status');
      const { done } = await life.pass();
      expect(done).toEqual([]);
      expect(fingerprint(life.world)).toBe(before);
      if (isReady(status)) return expect(life.status).toEqual(status);
      // What is waited for is measured anew by each process, and says so until it has ended.
      await life.settle();
      expect(saidIn(life.status)).toEqual(saidIn(status));
    }),
    { numRuns: cases(60) },
  );
});

test('a link that has lost its status makes no write when everything is in place', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, async (seed, spec) => {
      const life = new LinkLife({ world: worldFrom(seed), spec });
      const { end } = await life.settle();
      fc.pre(reasonsOf(end).length === 0);
      life.restart('nothing');
      const { done } = await life.pass();
      expect(done).toEqual([]);
    }),
    { numRuns: cases(20) },
  );
});

test('with driftPolicy Report nothing is written at all', async () => {
  await fc.assert(
    fc.asyncProperty(anyWorldSeed, anySpec, async (seed, spec) => {
      const world = worldFrom(seed);
      const before = fingerprint(world);
      const life = new LinkLife({ world, spec });
      life.repair = false;
      const { done } = await life.pass();
      expect(done).toEqual([]);
      expect(fingerprint(world)).toBe(before);
    }),
    { numRuns: cases(80) },
  );
});

test('two roads to one spec end in the same world, but for ids and choices once made', async () => {
  await fc.assert(
    fc.asyncProperty(anySpec, anySpec, fc.nat(6), async (first, second, rounds) => {
      const world = worldFrom(calmSeed);
      const direct = new LinkLife({ world: copyOf(world), spec: second });
      const { end } = await direct.settle();
      const detour = new LinkLife({ world, spec: first });
      for (let round = 0; round < rounds; round += 1) await detour.pass();
      detour.change(second);
      const { end: detourEnd } = await detour.settle();
      // How far one comes before the first obstacle depends on the road.
      expect(reasonsOf(detourEnd).length > 0).toBe(reasonsOf(end).length > 0);
      if (reasonsOf(end).length === 0) expect(contentOf(detour)).toEqual(contentOf(direct));
    }),
    { numRuns: cases(60) },
  );
});

/** What a link has at AWS without ids, times and the subnet chosen where a zone has two. */
function contentOf({ world, spec }: LinkLife): unknown {
  const { endpoints, groups, policies } = ownedBy(world, owner);
  const zone = (id: string): string => world.subnets.get(id)?.zone ?? id;
  return {
    attachedTo: policies.map(({ attachedTo }) => attachedTo.map(({ name }) => name).sort()),
    policyTags: policies.map(({ tags }) => tags),
    endpoints: endpoints
      .map((one) => ({
        service: one.serviceName,
        zones: one.subnetIds.map(zone).sort(),
        groups: spec.securityGroup?.ids === undefined ? 1 : [...one.securityGroupIds].sort(),
        privateDns: one.privateDnsEnabled,
        policy: one.policy,
        type: one.ipAddressType,
        tags: one.tags,
      }))
      .sort((a, b) => (a.service < b.service ? -1 : 1)),
    groups: groups.map(({ tags, rules = [] }) => ({
      tags,
      // No description and an empty one are the same to AWS.
      rules: rules.map((rule) => JSON.stringify([rule.source, rule.description ?? ''])).sort(),
    })),
  };
}
