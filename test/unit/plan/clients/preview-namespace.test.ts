import { expect, test } from '@jest/globals';
import { previewNamespace } from '../../../../src/plan/clients/preview-namespace.ts';
import { clientLink, plainPolicy } from './client-links.ts';
import { namespaceInput } from './namespace-world.ts';

const both = { configMap: { name: 'sagemaker-endpoints' }, networkPolicy: plainPolicy };

function previewOf(...links: readonly ReturnType<typeof clientLink>[]) {
  return previewNamespace(namespaceInput({ links }));
}

test('a preview shows what a link would give, whether or not it gives it today', () => {
  const usual = previewOf(clientLink({ clients: both }));
  expect(usual.objects.map(({ kind }) => kind)).toEqual(['ConfigMap', 'NetworkPolicy']);
  expect(usual.audited).toEqual([]);
  const notYet = { clients: { namespaces: 0, ready: 0 } };
  expect(previewOf(clientLink({ clients: both, status: notYet }))).toEqual(usual);
  expect(previewOf(clientLink({ clients: both, spec: { suspend: true } }))).toEqual(usual);
});

test('a policy under Audit is shown and called so', () => {
  const networkPolicy = { ...plainPolicy, enforcement: 'Audit' as const };
  const preview = previewOf(clientLink({ clients: { networkPolicy } }));
  expect(preview.audited).toEqual(['ml']);
  expect(preview.objects).toEqual(previewOf(clientLink()).objects);
});

test('a link without status shows what is not known', () => {
  const { status: _none, ...link } = clientLink({ clients: both });
  const preview = previewOf(link);
  expect(preview.objects).toEqual([]);
  expect(preview.waits.map(({ reason }) => reason)).toEqual([
    'AddressesUnknown',
    'AddressesUnknown',
  ]);
});

test('an object of somebody else is in the way here, too', () => {
  const preview = previewNamespace(
    namespaceInput({
      links: [clientLink({ clients: both })],
      existing: [
        {
          kind: 'ConfigMap',
          data: {},
          metadata: { name: 'sagemaker-endpoints', namespace: 'team-a', uid: 'theirs' },
        },
      ],
    }),
  );
  expect(preview.objects.map(({ kind }) => kind)).toEqual(['NetworkPolicy']);
  expect(preview.problems).toMatchObject([{ reason: 'OwnedByAnother' }]);
});
