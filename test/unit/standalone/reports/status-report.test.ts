import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import type { PlaceOrphans } from '../../../../src/reconcile/orphans/find-orphans.ts';
import {
  isWell,
  statusLines,
  statusReport,
} from '../../../../src/standalone/reports/status-report.ts';
import { plainSpec } from '../../../model/generated-specs.ts';

const schemaFile = new URL('../../../../docs/status.schema.json', import.meta.url);
const validate = new Ajv2020({ allErrors: true, validateFormats: false }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

function link(name: string, ready?: 'True' | 'False'): SageMakerPrivateLink {
  const condition = {
    type: 'Ready',
    status: ready,
    reason: ready === 'True' ? 'Succeeded' : 'AccessDenied',
    message: 'the message',
    lastTransitionTime: '2026-11-01T00:00:00Z',
  };
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name, uid: name, generation: 1, resourceVersion: '1' },
    spec: plainSpec,
    ...(ready === undefined ? {} : { status: { conditions: [condition] } }),
  } as SageMakerPrivateLink;
}

function place(hasOrphan: boolean): PlaceOrphans {
  const owner = { clusterId: 'c', uid: 'u', name: 'old' };
  const createdAt = '2026-11-01T00:00:00Z';
  const resource = {
    kind: 'endpoint',
    id: 'vpce-1',
    what: 'api',
    vpcId: 'vpc-1',
    createdAt,
  } as const;
  return {
    place: { region: 'eu-west-1', cloud: undefined as never },
    caller: { account: '111122223333', partition: 'aws', arn: 'arn:aws:iam::111122223333:role/me' },
    orphans: hasOrphan ? [{ owner, resources: [resource] }] : [],
    unread: [],
  };
}

test('who looked, every link and every orphan with its age are in it, for people and machines', () => {
  const report = statusReport(
    'c',
    [link('a', 'True'), link('b', 'False'), link('c')],
    [place(true)],
  );
  expect(statusLines(report, new Date('2026-11-04T00:00:00Z'))).toEqual([
    'AWS 111122223333, eu-west-1: reached as arn:aws:iam::111122223333:role/me',
    'a (eu-west-1): Ready=True (Succeeded)',
    'b (eu-west-1): Ready=False (AccessDenied): the message',
    'c (eu-west-1): Ready=Unknown (NotLookedAtYet): The operator has not looked at it yet.',
    'SageMakerPrivateLink old, UID u, is no more (eu-west-1):',
    '  endpoint vpce-1, api, in vpc-1, made 3 days ago',
    '3 links, 1 resource without a link. See sagemaker-privatelink prune.',
  ]);
  const printed: unknown = JSON.parse(JSON.stringify(report));
  expect([validate(printed), validate.errors]).toEqual([true, null]);
  expect(isWell(report)).toBe(false);
});

test.each([
  [[link('a', 'True')], false, true],
  [[link('a', 'False')], false, false],
  [[link('a')], false, false],
  [[link('a', 'True')], true, false],
])('%#: all is well only with every link ready and nothing left', (links, hasOrphan, well) => {
  expect(isWell(statusReport('c', links, [place(hasOrphan)]))).toBe(well);
});
