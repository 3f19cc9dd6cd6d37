import { expect, test } from '@jest/globals';
import type { Condition } from '../../../../src/api/sagemaker-private-link.ts';
import { itemError } from '../../../../src/aws/client/to-cloud-error.ts';
import type { Action } from '../../../../src/plan/actions.ts';
import { findingFromError } from '../../../../src/plan/cloud-problems.ts';
import { createProgressText } from '../../../../src/standalone/reports/progress-text.ts';

const action = {
  kind: 'DeleteVpcEndpoints',
  endpointIds: ['vpce-1'],
  reason: 'the spec has it no more',
} as const;

function condition(type: string, status: 'True' | 'False', message: string): Condition {
  const lastTransitionTime = '2026-11-28T00:00:00Z';
  const base = { lastTransitionTime, observedGeneration: 1, reason: 'AccessDenied' };
  return { type, status, message, ...base } as Condition;
}

test('one error is printed once, by the condition that it concerns', () => {
  const text = createProgressText('ml');
  const error = itemError('ec2:DeleteVpcEndpoints', 'UnauthorizedOperation', '');
  const found = findingFromError({ error, subject: 'EndpointsAvailable' });
  const message = 'problem' in found ? found.problem.message : '';
  const lines = [
    ...text.linesOf({ kind: 'refused', action, error }),
    ...text.linesOf({
      kind: 'status',
      findings: { problems: [], waits: [] },
      status: {
        conditions: [
          condition('Ready', 'False', message),
          condition('Stalled', 'True', message),
          condition('EndpointsAvailable', 'False', message),
        ],
      },
    }),
  ];
  expect(lines).toEqual([
    'ml: DeleteVpcEndpoints (vpce-1): AWS refused (UnauthorizedOperation)',
    `ml: EndpointsAvailable=False (AccessDenied) ${message}`,
    'ml: Ready=False (AccessDenied)',
    'ml: Stalled=True (AccessDenied)',
  ]);
});

test('each change names its resource: what it made by its id, what it changes, and what waits', () => {
  const text = createProgressText('ml');
  const reason = 'the spec says so';
  const changes = ['vpce-1', 'vpce-2'].map((endpointId) => {
    const modify: Action = {
      kind: 'ModifyVpcEndpoint',
      reason,
      endpointId,
      addSubnetIds: [],
      removeSubnetIds: [],
      addSecurityGroupIds: [],
      removeSecurityGroupIds: [],
      addresses: [],
      privateDnsEnabled: true,
    };
    return { kind: 'changed' as const, action: modify };
  });
  expect(changes.flatMap((one) => text.linesOf(one))).toEqual([
    'ml: ModifyVpcEndpoint done (vpce-1): the spec says so',
    'ml: ModifyVpcEndpoint done (vpce-2): the spec says so',
  ]);
  const create: Action = {
    kind: 'CreateSecurityGroup',
    reason,
    vpcId: 'vpc-1',
    vpcHasIpv6: false,
    name: 'group-of-ml',
    description: '',
    tags: {},
  };
  expect(text.linesOf({ kind: 'changed', action: create, id: 'sg-1' })).toEqual([
    'ml: CreateSecurityGroup done (sg-1): the spec says so',
  ]);
  const error = itemError('ec2:CreateSecurityGroup', 'CallBudgetSpent', '');
  expect(text.linesOf({ kind: 'refused', action: create, error })).toEqual([
    'ml: CreateSecurityGroup (group-of-ml): waits for the call budget (CallBudgetSpent)',
  ]);
});
