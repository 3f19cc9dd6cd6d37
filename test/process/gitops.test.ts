/** After the operator ran, GitOps tools find nothing to do: for every sample. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';

const folder = join(import.meta.dirname, '../../deploy/samples');
const samples = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

let simulator: Simulator;
let cluster: OperatorCluster;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  cluster = await OperatorCluster.start(simulator.url);
  await cluster.startOperator();
});

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

interface Written {
  readonly metadata: {
    readonly generation: number;
    readonly resourceVersion: string;
    readonly finalizers?: readonly string[];
  };
  readonly status?: {
    readonly conditions?: readonly { readonly type: string; readonly observedGeneration: number }[];
  };
}

async function stored(file: string): Promise<Written> {
  const { stdout } = await cluster.kubectl(['get', '-f', file, '-o', 'json']);
  return JSON.parse(stdout) as Written;
}

/** The operator has put its finalizer on and has told how this generation is. */
async function workedOn(file: string): Promise<Written> {
  let seen: Written | undefined;
  await eventually(async () => {
    seen = await stored(file);
    expect(seen.metadata.finalizers).toEqual(['sagemaker.privatelink.dev/finalizer']);
    const { generation: observedGeneration } = seen.metadata;
    expect(seen.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', observedGeneration }),
    );
  });
  return seen as Written;
}

const clean = { exitCode: 0, stdout: '', stderr: '' };
const serverSide = ['--server-side', '--field-manager=gitops'];

test.each(samples)(
  '%s: diff and apply are clean, on the server and on the client',
  async (name) => {
    const file = join(folder, name);
    expect(await cluster.kubectl(['apply', ...serverSide, '-f', file])).toMatchObject({
      stderr: '',
    });
    const { metadata } = await workedOn(file);
    expect(await cluster.kubectl(['diff', ...serverSide, '-f', file])).toEqual(clean);
    // Without --force-conflicts: the operator owns none of the fields.
    expect(await cluster.kubectl(['apply', ...serverSide, '-f', file])).toMatchObject({
      exitCode: 0,
    });
    expect((await stored(file)).metadata.generation).toBe(metadata.generation);

    await cluster.kubectl(['delete', '-f', file]);
    expect(await cluster.kubectl(['apply', '-f', file])).toMatchObject({ exitCode: 0, stderr: '' });
    const made = (await workedOn(file)).metadata.generation;
    expect(await cluster.kubectl(['diff', '-f', file])).toEqual(clean);
    // The client sends lists as a whole, for it does not know their defaults; nothing changes by that.
    expect(await cluster.kubectl(['apply', '-f', file])).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await stored(file)).metadata.generation).toBe(made);
  },
);
