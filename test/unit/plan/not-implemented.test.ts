import { expect, test } from '@jest/globals';
import { notImplemented } from '../../../src/plan/not-implemented.ts';
import { plainSpec } from '../../model/generated-specs.ts';

test('a plain spec uses nothing that is missing', () => {
  expect(notImplemented(plainSpec)).toEqual([]);
});

test('clients of the cluster are refused by a problem that names the field', () => {
  const clients = { namespaceSelector: { matchLabels: { ml: 'true' } }, configMap: { name: 'x' } };
  expect(notImplemented({ ...plainSpec, clients })).toEqual([
    {
      subject: 'ClientsConfigured',
      reason: 'NotImplemented',
      severity: 'stalled',
      message:
        'spec.clients is not implemented in this version of the operator, and nothing of this link is applied while it is there. Remove it, or install a version that has it.',
    },
  ]);
});
