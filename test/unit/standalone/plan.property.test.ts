/** Plans of generated links in generated worlds: as documented, readable, and counted as shown. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import type { SageMakerPrivateLinkSpec } from '../../../src/api/sagemaker-private-link.ts';
import { type LinkPlan, planLinkChanges } from '../../../src/standalone/link-plan.ts';
import { planText } from '../../../src/standalone/reports/plan-text.ts';
import { type AwsWorld, copyOf, fingerprint } from '../../model/aws-world.ts';
import { cases } from '../../model/cases.ts';
import { anyAccessSpec, anySpec, plainSpec } from '../../model/generated-specs.ts';
import { anyWorldSeed, owner, type WorldSeed, worldFrom } from '../../model/generated-worlds.ts';
import { LinkLife } from '../../model/link-life.ts';
import { createModelCloud } from '../../model/model-cloud.ts';

const schemaFile = new URL('../../../docs/plan.schema.json', import.meta.url);
const schema = JSON.parse(readFileSync(schemaFile, 'utf8')) as {
  readonly $defs: Readonly<Record<string, unknown>>;
};
const validate = new Ajv2020({ allErrors: true }).compile(schema);
const seen = new Set<string>();

function planIn(
  world: AwsWorld,
  spec: SageMakerPrivateLinkSpec,
  goal: 'present' | 'absent',
): Promise<LinkPlan> {
  const cloud = createModelCloud({ world, process: 'plan', lag: 0, onStep: () => undefined });
  const { name, uid } = owner;
  const signal = new AbortController().signal;
  return planLinkChanges({ link: { name, uid, owner, spec }, goal, cloud, signal });
}

function checkPlan(plan: LinkPlan): void {
  const printed: unknown = JSON.parse(JSON.stringify({ plans: [plan] }));
  expect([validate(printed), validate.errors]).toEqual([true, null]);
  for (const { kind } of plan.actions) seen.add(kind);
  const text = planText(plan, false);
  // The egress of a group that is made is part of making it.
  const counted = plan.actions.filter(
    (one) => one.kind !== 'RevokeEgress' || !one.groupId.startsWith('(known after apply)'),
  );
  const [, ...counts] =
    /Plan: (\d+) to create, (\d+) to change, (\d+) to delete\.$/.exec(text) ?? [];
  const sum = counts.map(Number).reduce((a, b) => a + b, 0);
  expect(sum).toBe(counted.length);
  expect(sum > 0).toBe(plan.actions.length > 0);
}

/** An endpoint that a link of the same name had: its adoption is a note about that endpoint. */
const worldOfFormerSelf = {
  unusual: {
    dnsHostnames: true,
    metricsZones: 1,
    metricsOffered: true,
    shared: false,
    ipv6: false,
    twinVpc: false,
    freeAddresses: [1, 1, 1, 0, 0, 0],
    listEntries: 3,
  },
  endpoints: [
    {
      service: 'api',
      ownership: 'formerSelf',
      state: 'available',
      inOtherVpc: false,
      subnets: ['subnet-c'],
      useTwin: false,
      privateDns: false,
      policy: 'none',
      requesterManaged: false,
    },
  ],
  groups: [],
  slowness: 1,
  endpointsPerVpc: 50,
  policies: [],
} as const satisfies WorldSeed;

const takingOver: SageMakerPrivateLinkSpec = {
  ...plainSpec,
  endpoints: [{ service: 'api', privateDNS: false }],
  adoption: 'IfUnowned',
};

test('whatever is planned is as the schema says, changes nothing, and is counted as shown', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyWorldSeed,
      fc.tuple(fc.oneof(anySpec, anyAccessSpec), fc.oneof(anySpec, anyAccessSpec)),
      async (seed, [first, second]) => {
        const life = new LinkLife({ world: worldFrom(seed), spec: first });
        checkPlan(await planIn(copyOf(life.world), first, 'present'));
        await life.settle();
        const before = fingerprint(life.world);
        const { region, vpc } = first;
        checkPlan(await planIn(life.world, { ...second, region, vpc }, 'present'));
        checkPlan(await planIn(life.world, first, 'absent'));
        expect(fingerprint(life.world)).toBe(before);
      },
    ),
    { numRuns: cases(60), examples: [[worldOfFormerSelf, [takingOver, takingOver]]] },
  );
  // The generated plans have nearly everything that the schema knows.
  const kinds = Object.keys(schema.$defs).filter((name) => name !== 'plan');
  const unseen = kinds.filter((kind) => !seen.has(kind));
  expect(unseen.length).toBeLessThan(6);
}, 120_000);
