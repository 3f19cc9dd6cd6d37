/** The commands of docs/command-line.md before the first link: Service Quotas is moto's, all else the simulator's. */
import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { shellBlocksOf, shellWith } from '../environment/guide-commands.ts';
import { type Moto, startMoto } from '../environment/moto.ts';
import { ensurePythonEnvironment } from '../environment/python.ts';
import { CommandLine, identity } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

const bundle = join(import.meta.dirname, '../../dist/sagemaker-privatelink.mjs');

let simulator: Simulator;
let moto: Moto;
let files: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  moto = await startMoto();
  files = await CommandLine.start(simulator.url);
});

afterAll(async () => {
  await files?.close();
  await moto?.stop();
  await simulator?.close();
});

test("doctor compares with the account's own quota, as the page asks Service Quotas for it", async () => {
  const region = simulator.world.region('us-east-1');
  await files.write('link.yaml', [sampleLink(region, 'new')]);
  const { aws } = await ensurePythonEnvironment();
  const bin = join(files.folder, 'sagemaker-privatelink.mjs');
  await symlink(bundle, bin);
  const variables = {
    ...awsClientEnvironment(simulator.url),
    ...identity,
    AWS_ENDPOINT_URL_SERVICE_QUOTAS: moto.url,
  };
  const programs = { aws, 'sagemaker-privatelink': bin };
  const shell = await shellWith(files.folder, programs, variables, files.folder);
  const blocks = await shellBlocksOf('docs/command-line.md', 'Before the first link');
  expect(blocks).toHaveLength(2);
  const results = [];
  for (const block of blocks) results.push(await shell.run(block));
  expect(results.map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(results.map(({ stdout }) => /of 50[^.\n]*/.exec(stdout)?.[0])).toEqual([
    'of 50 where the account has not asked for more',
    'of 50, as --quota says',
  ]);
});
