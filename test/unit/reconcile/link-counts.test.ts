import { expect, test } from '@jest/globals';
import { type CountedLink, countLinks } from '../../../src/reconcile/link-counts.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

function link(name: string, status: 'True' | 'False', reason: string): CountedLink {
  return { name, conditions: [{ type: 'Ready', status, reason }] };
}

async function counted(
  metrics: ReturnType<typeof createMetrics>,
  all: readonly CountedLink[],
  mostLinks: number,
): Promise<readonly string[]> {
  countLinks(metrics, all, mostLinks);
  const text = await metrics.registry.metrics();
  return text.split('\n').filter((line) => line.startsWith('sagemaker_privatelink_link'));
}

const links = [
  link('one', 'True', 'Succeeded'),
  link('two', 'False', 'AccessDenied'),
  link('three', 'False', 'AccessDenied'),
];
const sums = [
  'sagemaker_privatelink_links{condition="Ready",status="True",reason="Succeeded"} 1',
  'sagemaker_privatelink_links{condition="Ready",status="False",reason="AccessDenied"} 2',
];

test('links are counted by condition, status and reason, and shown each', async () => {
  expect(await counted(createMetrics(), links, 3)).toEqual([
    ...sums,
    'sagemaker_privatelink_link_condition{link="one",condition="Ready",status="True",reason="Succeeded"} 1',
    'sagemaker_privatelink_link_condition{link="two",condition="Ready",status="False",reason="AccessDenied"} 1',
    'sagemaker_privatelink_link_condition{link="three",condition="Ready",status="False",reason="AccessDenied"} 1',
    'sagemaker_privatelink_link_conditions_left_out 0',
  ]);
});

test('links that share their conditions are counted each', async () => {
  const { conditions } = link('one', 'True', 'Succeeded');
  const alike = ['one', 'two'].map((name) => ({ name, conditions }));
  expect(await counted(createMetrics(), [...alike, ...links], 5)).toContain(
    'sagemaker_privatelink_links{condition="Ready",status="True",reason="Succeeded"} 3',
  );
});

test('beyond the limit none is shown, and how many are left out is', async () => {
  const metrics = createMetrics();
  await counted(metrics, links, 3);
  expect(await counted(metrics, links, 2)).toEqual([
    ...sums,
    'sagemaker_privatelink_link_conditions_left_out 3',
  ]);
});

test('a condition that changed, and a link that is gone, leave no series behind', async () => {
  const metrics = createMetrics();
  await counted(metrics, links, 3);
  expect(await counted(metrics, [link('one', 'False', 'VPCNotFound')], 3)).toEqual([
    'sagemaker_privatelink_links{condition="Ready",status="False",reason="VPCNotFound"} 1',
    'sagemaker_privatelink_link_condition{link="one",condition="Ready",status="False",reason="VPCNotFound"} 1',
    'sagemaker_privatelink_link_conditions_left_out 0',
  ]);
});
