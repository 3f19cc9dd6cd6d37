import { expect, test } from '@jest/globals';
import { join } from 'node:path';
import { ec2Actions } from '../../../src/simulator/ec2/actions.ts';
import { iamActions } from '../../../src/simulator/iam/actions.ts';
import { ec2Model } from '../../../src/simulator/protocol/generated/ec2-model.ts';
import { iamModel } from '../../../src/simulator/protocol/generated/iam-model.ts';
import { stsModel } from '../../../src/simulator/protocol/generated/sts-model.ts';
import { stsActions } from '../../../src/simulator/sts/actions.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { runProgram } from '../../environment/run-program.ts';

test("the simulator's models are those of botocore", async () => {
  const { python } = await ensurePythonEnvironment();
  const script = join(import.meta.dirname, '..', '..', '..', 'scripts', 'aws-models.py');
  expect(await runProgram(python, [script, '--check'])).toEqual({
    exitCode: 0,
    stdout: '',
    stderr: '',
  });
});

const services = [
  ['ec2', ec2Actions, ec2Model],
  ['iam', iamActions, iamModel],
  ['sts', stsActions, stsModel],
] as const;

test.each(services)(
  'every action of %s has a model, and takes no parameter that AWS has not',
  (_, actions, { actions: models }) => {
    expect(Object.keys(models).sort()).toEqual(Object.keys(actions).sort());
    for (const [name, { required = [], optional = [] }] of Object.entries(actions)) {
      const model = models[name];
      if (typeof model !== 'object' || !('members' in model)) throw new Error(`no model: ${name}`);
      const heads = [...required, ...optional].map((parameter) => parameter.split('.')[0]);
      expect(Object.keys(model.members)).toEqual(expect.arrayContaining(heads));
    }
  },
);
