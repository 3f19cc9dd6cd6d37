/** The demo fails when its story is not true. */
import { afterEach, expect, test } from '@jest/globals';
import type { Stage } from '../../../demo/stage.ts';
import { tellStory } from '../../../demo/story.ts';
import { silentView } from '../../../demo/view.ts';
import type { SageMakerPrivateLinkStatus } from '../../../src/api/sagemaker-private-link.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';

let simulator: Simulator | undefined;

afterEach(() => simulator?.close());

/** A stage on which nothing happens, whatever its status says. */
function idleStage(status: SageMakerPrivateLinkStatus | undefined): Stage {
  return {
    description: 'nothing',
    apply: () => Promise.resolve(),
    status: () => Promise.resolve(status),
    notes: () => [],
    remove: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

async function tell(stage: Stage): Promise<unknown> {
  simulator = await startSimulator({});
  const region = simulator.world.region('eu-west-1');
  return tellStory({ stage, region, view: silentView, patienceMs: 200 }, 'kind: Nothing');
}

test('an operator that does nothing is no success', async () => {
  await expect(tell(idleStage(undefined))).rejects.toThrow(/^not Ready and Available after 0\.2 s/);
});

test('a status that claims to be ready is not believed while AWS has nothing', async () => {
  const condition = {
    status: 'True',
    reason: 'Succeeded',
    message: '',
    lastTransitionTime: '2026-11-23T00:00:00Z',
    observedGeneration: 1,
  } as const;
  const conditions = (['Ready', 'Available'] as const).map((type) => ({ ...condition, type }));
  const boast = idleStage({ observedGeneration: 1, conditions });
  await expect(tell(boast)).rejects.toThrow('not true at AWS: two endpoints are available at AWS');
});
