/** The commands of docs/migration.md, from an endpoint that somebody made to a link and back again. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { findProgram } from '../environment/control-plane-programs.ts';
import { type Shell, shellWith } from '../environment/guide-commands.ts';
import { ensurePythonEnvironment } from '../environment/python.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws, unlimitedEndpoints } from './cluster/quick-aws.ts';

const root = join(import.meta.dirname, '../..');

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let folder: string;
let shell: Shell;
let endpointId: string;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('eu-west-1');
  endpointId = createEndpoint();
  cluster = await OperatorCluster.start(simulator.url);
  await cluster.startOperator({ args: [unlimitedEndpoints] });
  folder = await mkdtemp(join(tmpdir(), 'smpl-migration-'));
  const programs = {
    aws: (await ensurePythonEnvironment()).aws,
    kubectl: await findProgram('kubectl'),
    'sagemaker-privatelink': join(root, 'dist/sagemaker-privatelink.mjs'),
    terraform: await terraformWith(endpointId),
  };
  const environment = awsClientEnvironment(simulator.url, 'eu-west-1');
  shell = await shellWith(
    folder,
    programs,
    { ...environment, KUBECONFIG: cluster.kubeconfig },
    folder,
  );
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

function createEndpoint(): string {
  const { id: vpcId } = region.defaultVpc();
  region.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    ServiceName: 'com.amazonaws.eu-west-1.sagemaker.api',
    VpcId: vpcId,
    'SubnetId.1': region.subnets(vpcId)[0]?.id ?? '',
  });
  return region.endpoints()[0]?.id ?? '';
}

/** A program that knows one endpoint in its state, and answers `terraform state pull` alone. */
async function terraformWith(id: string): Promise<string> {
  const attributes = { id };
  const instances = [{ schema_version: 0, attributes }];
  const resource = { mode: 'managed', type: 'aws_vpc_endpoint', name: 'api', instances };
  const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
  const state = { version: 4, serial: 1, resources: [{ ...resource, provider }] };
  const path = join(folder, 'terraform-program');
  const script = `#!/bin/sh\n[ "$*" = 'state pull' ] || exit 1\ncat <<'END'\n${JSON.stringify(state)}\nEND\n`;
  await writeFile(path, script, { mode: 0o755 });
  return path;
}

/** The shell blocks of a section, those inside of lists too, about this cluster's things. */
async function blocksOf(heading: string): Promise<readonly string[]> {
  const page = await readFile(join(root, 'docs/migration.md'), 'utf8');
  const [, after = ''] = page.split(new RegExp(`^#+ ${heading}\n`, 'm'));
  const [section = ''] = after.split(/^#+ /m);
  return [...section.matchAll(/^ *```sh\n(.*?)^ *```$/gms)].map(([, block = '']) =>
    block
      .replaceAll('vpc-0a1b2c3d4e5f67890', region.defaultVpc().id)
      .replaceAll('vpce-0a1b2c3d4e5f67890', endpointId)
      .replaceAll('--context prod', '--context "$(kubectl config current-context)"'),
  );
}

async function follow(heading: string): Promise<string> {
  const blocks = await blocksOf(heading);
  expect(blocks).not.toEqual([]);
  let printed = '';
  for (const block of blocks) {
    const result = await shell.run(block);
    expect([block, result]).toEqual([block, expect.objectContaining({ exitCode: 0 })]);
    printed += result.stdout;
  }
  return printed;
}

function tagsAtAws(): Readonly<Record<string, string>> {
  const [endpoint, ...others] = region.endpoints();
  expect([endpoint?.id, endpoint?.state, others]).toEqual([endpointId, 'available', []]);
  return endpoint?.tags ?? {};
}

test('with a state of Terraform the import names what to take out of it', async () => {
  await follow('From Terraform or OpenTofu');
  const file = await readFile(join(folder, 'ml-prod.yaml'), 'utf8');
  expect(file).toMatch(/^# .*terraform state rm .*aws_vpc_endpoint\.api/m);
});

test('an endpoint becomes a link in place, and goes back as it was', async () => {
  await follow('Importing endpoints');
  const plan = await follow('By hand');
  expect(plan).toContain('Plan: 0 to create, 2 to change, 0 to delete.');
  expect(plan.match(/^ *[~+-] .*$/gm)).toEqual(Array(2).fill(`  ~ tags of ${endpointId}`));
  expect((await cluster.linkIsReady('ml-prod')).spec).toMatchObject({ adoption: 'Never' });
  expect(tagsAtAws()).toMatchObject({ 'sagemaker.privatelink.dev/name': 'ml-prod' });
  await follow('Going back');
  expect(await cluster.link('ml-prod')).toBeUndefined();
  expect(tagsAtAws()).toEqual({});
});
