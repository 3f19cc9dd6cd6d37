import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { startSimulator } from '../../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { startMoto } from '../../environment/moto.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { runProgram } from '../../environment/run-program.ts';
import { motoGaps } from './moto-gaps.ts';

/** Each script makes some 300 calls in a process of its own, on a machine that may be busy. */
const timeoutMs = 300_000;

interface Answer {
  readonly name: string;
  readonly answer: unknown;
}

/** The answers of the AWS at the URL, one for each question. */
async function answersOf(url: string): Promise<readonly Answer[]> {
  const { python } = await ensurePythonEnvironment();
  const script = join(import.meta.dirname, 'compare.py');
  const { exitCode, stdout, stderr } = await runProgram(python, [script, url], {
    env: awsClientEnvironment(url),
  });
  if (exitCode !== 0) throw new Error(`The questions ended early at ${url}:\n${stderr}`);
  return JSON.parse(stdout) as readonly Answer[];
}

test(
  'boto3 gets the same answers from moto and from the simulator, but for the known gaps of moto',
  async () => {
    // moto's own account, moto's lack of token buckets, and time that passes fast enough to wait.
    const simulator = await startSimulator({
      accountId: '123456789012',
      throttling: false,
      timeScale: 600,
    });
    const moto = await startMoto();
    try {
      const [ours, theirs] = await Promise.all([answersOf(simulator.url), answersOf(moto.url)]);
      const differing = ours.filter(
        ({ answer }, index) => JSON.stringify(answer) !== JSON.stringify(theirs[index]?.answer),
      );
      expect(ours.map(({ name }) => name)).toEqual(theirs.map(({ name }) => name));
      expect(ours.length).toBeGreaterThan(130);
      // Equal both ways: a difference that is not known fails, and so does a gap that is no more.
      expect(differing.map(({ name }) => name).toSorted()).toEqual(
        Object.keys(motoGaps).toSorted(),
      );
    } finally {
      await moto.stop();
      await simulator.close();
    }
  },
  timeoutMs,
);
