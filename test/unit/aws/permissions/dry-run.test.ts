import { expect, test } from '@jest/globals';
import { EC2ServiceException } from '@aws-sdk/client-ec2';
import { askByDryRun } from '../../../../src/aws/permissions/dry-run.ts';
import type { AwsTransport } from '../../../../src/aws/client/operations.ts';

const subjects = {
  vpcId: 'vpc-1',
  subnetId: 'subnet-1',
  serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
  group: { id: 'sg-1', ruleId: 'sgr-1' },
  endpointId: 'vpce-1',
  tags: { owner: 'me' },
};
const { signal } = new AbortController();

function ec2ThatAnswers(code: string | undefined) {
  const asked: { readonly action: string; readonly DryRun?: boolean }[] = [];
  const transport = {
    send: async (action: string, input: object) => {
      asked.push({ action, ...input });
      if (code === undefined) return {};
      throw new EC2ServiceException({
        name: code,
        $fault: 'client',
        $metadata: { httpStatusCode: 400 },
      });
    },
  } as unknown as AwsTransport;
  return { transport, asked };
}

async function answersTo(code: string | undefined) {
  const { transport } = ec2ThatAnswers(code);
  const answers = await askByDryRun(transport, subjects, signal);
  return new Set(answers.map(({ answer }) => answer));
}

test('every question is a dry run', async () => {
  const { transport, asked } = ec2ThatAnswers('DryRunOperation');
  await askByDryRun(transport, subjects, signal);
  expect(asked).toHaveLength(11);
  expect(asked.filter(({ DryRun }) => DryRun !== true)).toEqual([]);
});

test('only the code of a dry run is a yes, and only a denial is a no', async () => {
  expect(await answersTo('DryRunOperation')).toEqual(new Set(['allowed']));
  expect(await answersTo('UnauthorizedOperation')).toEqual(new Set(['denied']));
  expect(await answersTo('InvalidGroup.NotFound')).toEqual(new Set(['unknown']));
  expect(await answersTo(undefined)).toEqual(new Set(['unknown']));
});

test('what is not there is not asked about: AWS would speak of the resource, not of the right', async () => {
  const { transport, asked } = ec2ThatAnswers('DryRunOperation');
  const { vpcId, subnetId, serviceName, tags } = subjects;
  const answers = await askByDryRun(transport, { vpcId, subnetId, serviceName, tags }, signal);
  expect(asked.map(({ action }) => action)).toEqual([
    'ec2:CreateSecurityGroup',
    'ec2:CreateVpcEndpoint',
  ]);
  expect(answers.filter(({ answer }) => answer === 'unknown')).toHaveLength(9);
});

test('a link to listed groups needs no right to groups of its own, save to delete one that is left', async () => {
  const { transport, asked } = ec2ThatAnswers('DryRunOperation');
  const { group, ...others } = subjects;
  const listed = { ...others, listedGroupIds: ['sg-7'] };
  const answers = await askByDryRun(transport, listed, signal);
  expect(answers.map(({ action }) => action)).toEqual([
    'ec2:CreateVpcEndpoint',
    'ec2:ModifyVpcEndpoint',
    'ec2:DeleteVpcEndpoints',
    'ec2:CreateTags',
    'ec2:DeleteTags',
  ]);
  expect(asked[0]).toMatchObject({ SecurityGroupIds: ['sg-7'] });
  const [first] = await askByDryRun(transport, { ...listed, group }, signal);
  expect(first?.action).toBe('ec2:DeleteSecurityGroup');
});
