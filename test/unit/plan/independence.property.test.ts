import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import { type AwsWorld, change, copyOf, tick } from '../../model/aws-world.ts';
import { type Breakage, breakages, denied } from '../../model/breakages.ts';
import { cases } from '../../model/cases.ts';
import { type Effect, effectsOf } from '../../model/effects-of-actions.ts';
import { plainSpec } from '../../model/generated-specs.ts';
import { calmSeed, policies, worldFrom } from '../../model/generated-worlds.ts';
import { LinkLife, reasonsOf } from '../../model/link-life.ts';
import {
  type EndpointMishap,
  type GroupMishap,
  meddleWithEndpoint,
  meddleWithGroup,
} from '../../model/mishaps.ts';

const calmSpec: fc.Arbitrary<SageMakerPrivateLinkSpec> = fc
  .record({
    vpc: fc.constantFrom({ id: 'vpc-main' }, { tags: { ml: 'vpc' } }),
    subnets: fc.record({
      ids: fc.constant(['subnet-a', 'subnet-b', 'subnet-c']),
      unsupportedZones: fc.constantFrom('Fail' as const, 'Skip' as const),
    }),
    byTags: fc.boolean(),
    services: fc.subarray(['api', 'metrics'] as const),
    privateDNS: fc.boolean(),
    policy: fc.boolean(),
    securityGroup: fc.constantFrom(
      undefined,
      { ingress: [{ cidr: '10.9.0.0/16' }, { prefixListId: 'pl-1' }] },
      { ids: ['sg-user'] },
    ),
  })
  .map(({ byTags, services, privateDNS, policy, securityGroup, subnets, vpc }) => {
    const { ids, unsupportedZones } = subnets;
    const own = policy ? { policy: policies.narrow } : {};
    return {
      ...plainSpec,
      vpc,
      subnets: byTags ? { tags: { ml: 'private' }, unsupportedZones } : { ids, unsupportedZones },
      endpoints: [
        { service: 'runtime' as const, privateDNS, ...own },
        ...services.map((service) => ({ service, privateDNS })),
      ],
      ...(securityGroup === undefined ? {} : { securityGroup }),
    };
  });

const endpointMishaps: readonly EndpointMishap[] = [
  'deleted',
  'given another policy',
  'taken out of its groups',
  'put in one subnet',
  'without private DNS',
  'without any tag',
  'renamed',
];
const groupMishaps: readonly GroupMishap[] = [
  'opened for SSH',
  'opened to the world',
  'without rules',
];

/** AWS takes so many rounds to delete something and to forget it. */
const roundsToForget = 5;

interface Case {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly mishaps: readonly EndpointMishap[];
  readonly groupMishap: GroupMishap;
}

const anyCase: fc.Arbitrary<Case> = fc.record({
  spec: calmSpec,
  mishaps: fc.subarray([...endpointMishaps], { minLength: 1, maxLength: 3 }),
  groupMishap: fc.constantFrom(...groupMishaps),
});

/** A link that was brought about, and then somebody meddled with what it has. */
async function meddledLife({ spec, mishaps, groupMishap }: Case): Promise<LinkLife> {
  const life = new LinkLife({ world: worldFrom(calmSeed), spec });
  const { end } = await life.settle();
  expect(reasonsOf(end)).toEqual([]);
  for (const mishap of mishaps) meddleWithEndpoint(life.world, mishap);
  meddleWithGroup(life.world, groupMishap);
  takeOutOf(life.world, 'subnet-b');
  for (let round = 0; round < roundsToForget; round += 1) tick(life.world);
  return life;
}

/** No endpoint is in the subnet any more: only then AWS deletes it. */
function takeOutOf(world: AwsWorld, subnetId: string): void {
  for (const [id, one] of world.endpoints) {
    const subnetIds = one.subnetIds.filter((other) => other !== subnetId);
    const by = { what: 'modified', by: 'somebody' } as const;
    change(world, world.endpoints, { id, value: { ...one, subnetIds } }, by);
  }
}

/** Changes of one endpoint come one after the other, AWS's work between them. */
const passesUntilDone = 6;

/** What is done for a link in a copy of its world, whole or broken. */
async function lifeIn(life: LinkLife, breakage: Partial<Breakage>, repair: boolean) {
  const world = copyOf(life.world);
  const before = copyOf(world);
  breakage.in?.(world);
  const other = new LinkLife({
    world,
    spec: life.spec,
    faultOf: denied(breakage),
    rulesAreUnread: breakage.unread === 'rules',
  });
  other.status = life.status;
  other.repair = repair;
  const { done } = await other.pass();
  const { drift = [] } = other.status;
  const effects = [...effectsOf(done, before)];
  for (let passes = 1; repair && passes < passesUntilDone; passes += 1) {
    tick(world);
    effects.push(...effectsOf((await other.pass()).done, before));
  }
  return { effects, drift };
}

test.each(Object.entries(breakages) as [string, Breakage][])(
  'when %s, what does not need it is repaired as ever, and drift is reported',
  async (_name, breakage) => {
    await fc.assert(
      fc.asyncProperty(anyCase, async (given) => {
        const life = await meddledLife(given);
        if (breakage.needsOwned === true && !hasOwned(life.world)) return;
        const whole = await lifeIn(life, {}, true);
        const broken = await lifeIn(life, breakage, true);
        const [expected, has] = [whole, broken].map(({ effects }) => effects.map(wordsOf));
        const needed = new Set(neededIn(whole.effects, breakage, given.spec).map(wordsOf));
        expect((expected ?? []).filter((one) => !needed.has(one) && !has?.includes(one))).toEqual(
          [],
        );
        // Nothing is done because of what is broken.
        expect((has ?? []).filter((one) => !expected?.includes(one))).toEqual([]);
        const { drift } = await lifeIn(life, breakage, false);
        if (broken.effects.length > 0) expect(drift.length).toBeGreaterThan(0);
      }),
      { numRuns: cases(6) },
    );
  },
);

function hasOwned({ endpoints, groups }: AwsWorld): boolean {
  return [...endpoints.values(), ...groups.values()].some(
    ({ tags }) => tags['sagemaker.privatelink.dev/uid'] === 'uid-1',
  );
}

/** The effects that need what is broken. Nothing new is changed where nothing new can be made. */
function neededIn(
  effects: readonly Effect[],
  { needs }: Breakage,
  spec: SageMakerPrivateLinkSpec,
): readonly Effect[] {
  const lacks = effects.some((one) => one.kind === 'creation' && needs(one, spec));
  return effects.filter((one) => needs(one, spec) || (lacks && one.isOfNew === true));
}

function wordsOf({ words }: { readonly words: string }): string {
  return words;
}
