/**
 * The commands of docs/command-line.md as its reader runs them, section by section: a real API server, the
 * operator, the simulated AWS, and moto's Service Quotas.
 */
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { eventually } from '../environment/eventually.ts';
import { type Shell, shellBlocksOf } from '../environment/guide-commands.ts';
import { type Moto, startMoto } from '../environment/moto.ts';
import { ensurePythonEnvironment } from '../environment/python.ts';
import { CommandLine } from './cluster/command-line.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { readersShell } from './cluster/readers-shell.ts';
import { sampleLink } from './cluster/sample-link.ts';

jest.setTimeout(180_000);

const page = 'docs/command-line.md';
const notebookAccess = {
  allowedCIDRs: ['203.0.113.0/24'],
  attachTo: { roles: ['DataScientist'] },
};

let simulator: Simulator;
let region: RegionControl;
let moto: Moto;
let cluster: OperatorCluster;
let files: CommandLine;
let shell: Shell;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  simulator.world.account().createPrincipal({ kind: 'role', name: 'DataScientist' });
  moto = await startMoto();
  cluster = await OperatorCluster.start(simulator.url);
  await cluster.startOperator();
  await cluster.apply(sampleLink(region, 'ml-prod', { notebookAccess }));
  await cluster.linkIsReady('ml-prod');
  files = await CommandLine.start(simulator.url);
  await files.write('link.yaml', [linkOfFile()]);
  await mkdir(join(files.folder, 'links'));
  await copyFile(join(files.folder, 'link.yaml'), join(files.folder, 'links/link.yaml'));
  const { aws } = await ensurePythonEnvironment();
  shell = await readersShell({
    folder: files.folder,
    kubeconfig: cluster.kubeconfig,
    programs: { aws },
    variables: {
      ...awsClientEnvironment(simulator.url),
      AWS_ENDPOINT_URL_SERVICE_QUOTAS: moto.url,
      // The page's own.
      SAGEMAKER_PRIVATELINK_CLUSTER_ID: 'my-team/ml',
    },
  });
});

afterAll(async () => {
  await files?.close();
  await cluster?.stop();
  await moto?.stop();
  await simulator?.close();
});

/** In a VPC of its own: the private names of the default one are taken. */
function linkOfFile(): object {
  const { id } = region.createVpc({ cidr: '10.7.0.0/16', enableDnsHostnames: true });
  const ids = ['a', 'b'].map((zone, index) => {
    const cidr = `10.7.${index}.0/24`;
    return region.createSubnet({ vpcId: id, cidr, zone: `us-east-1${zone}` }).id;
  });
  return sampleLink(region, 'ml', { vpc: { id }, subnets: { ids } });
}

/** Runs each block below a heading; answers what each wrote. A command that fails ends its block. */
async function follow(
  heading: string,
  instead: readonly (readonly [RegExp, string])[] = [],
  of: string = page,
): Promise<readonly string[]> {
  const written: string[] = [];
  for (const block of await shellBlocksOf(of, heading)) {
    const commands = instead.reduce(
      (text, [command, other]) => text.replace(command, other),
      block,
    );
    const result = await shell.run(commands);
    expect({ commands, ...result }).toMatchObject({ exitCode: 0 });
    written.push(result.stdout);
  }
  expect(written.length).toBeGreaterThan(0);
  return written;
}

test('apply is repeated until nothing is left, and a saved plan is applied', async () => {
  await follow('Interruptions and retries', [[/sleep 30/, 'sleep 1']]);
  const [planned = ''] = await follow('Plans in a pull request');
  expect(planned).toContain('No changes.');
  expect(JSON.parse(await readFile(join(files.folder, 'plan.json'), 'utf8'))).toBeInstanceOf(
    Object,
  );
});

test('a link is followed as a tree and drawn', async () => {
  const [trees = ''] = await follow('A link as a tree', [
    [/^(.* --watch)$/m, 'timeout 5 $1 || [ $? -eq 124 ]'],
  ]);
  expect(trees.match(/^✓ ml-prod .*Ready=True/gm)?.length).toBeGreaterThanOrEqual(2);
  expect(await readFile(join(files.folder, 'ml-prod.svg'), 'utf8')).toMatch(/^<svg[\s\S]*ml-prod/);
});

test("doctor compares with the account's own quota, as Service Quotas has it", async () => {
  const reports = await follow('Before the first link');
  expect(
    reports.map((text) => /of 50[^.|]*?(?:for more|says)/.exec(text.replaceAll(/\s+/g, ' '))?.[0]),
  ).toEqual(['of 50 where the account has not asked for more', 'of 50, as --quota says']);
});

test('the sources that may open notebooks are told', async () => {
  const [answers = ''] = await follow('Sources that can open notebooks', [
    // From no known source it is denied, which is the finding 3.
    [/^(.*DataScientist)$/m, '$1 || [ $? -eq 3 ]'],
  ]);
  expect(answers).toMatch(/203\.0\.113\.7/);
});

test('pods are looked for that a policy would cut off', async () => {
  const [report = ''] = await follow('Before a policy isolates pods', [
    [/\n+$/, ' || [ $? -eq 2 ]'],
  ]);
  expect(report).not.toBe('');
});

test('nothing is pruned of files that are all there', async () => {
  const [report = ''] = await follow('Resources left by deleted links');
  expect(report).toMatch(/no orphans/i);
});

test('the commands of the pages about the spec and about clients', async () => {
  const handled = async () => (await cluster.link('ml-prod'))?.status?.lastHandledReconcileAt;
  const before = await handled();
  await follow('Ask for a look now', [], 'docs/spec.md');
  await eventually(async () => expect(await handled()).not.toBe(before));
  const [report = ''] = await follow(
    'The NetworkPolicy',
    [[/^(sagemaker-privatelink clients .*?) *#.*$/gm, '$1 || [ $? -eq 2 ]']],
    'docs/clients.md',
  );
  expect(report).not.toBe('');
});
