import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { ec2Actions } from '../../src/simulator/ec2/actions.ts';
import { ec2Model } from '../../src/simulator/protocol/generated/ec2-model.ts';
import { ensurePythonEnvironment } from '../environment/python.ts';
import { runProgram } from '../environment/run-program.ts';

test("the simulator's models are those of botocore", async () => {
  const { python } = await ensurePythonEnvironment();
  const script = join(import.meta.dirname, '..', '..', 'scripts', 'aws-models.py');
  expect(await runProgram(python, [script, '--check'])).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});

test('every action of the simulator has a model, and takes no parameter that AWS has not', () => {
  for (const [name, { required = [], optional = [] }] of Object.entries(ec2Actions)) {
    const model = ec2Model.actions[name];
    expect([name, model !== undefined]).toEqual([name, true]);
    if (typeof model !== 'object' || !('members' in model)) continue;
    const heads = [...required, ...optional].map((parameter) => parameter.split('.')[0]);
    expect(Object.keys(model.members)).toEqual(expect.arrayContaining(heads));
  }
});
