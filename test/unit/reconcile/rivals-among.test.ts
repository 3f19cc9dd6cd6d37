import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { rivalsOf } from '../../../src/plan/notebook-policy/rivals.ts';
import { possibleRival, rivalsAmong } from '../../../src/reconcile/rivals-among.ts';
import { sampleLinkObject } from '../api/sample-link-object.ts';

const plain = sampleLinkObject(10);
const attachTo = { roles: ['DataScientist'] };
const metadata = { ...plain.metadata, deletionTimestamp: '2026-11-01T00:00:00Z' };

function link(name: string): SageMakerPrivateLink {
  return {
    ...plain,
    metadata: { ...plain.metadata, name, uid: name },
    spec: {
      ...plain.spec,
      notebookAccess: {
        allowEndpoints: true,
        actions: ['NotebookInstances'],
        attachTo,
        onImpact: 'Fail',
      },
    },
    status: {
      account: '111122223333',
      endpoints: [
        {
          service: 'api',
          serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
          id: `vpce-of-${name}`,
          state: 'available',
          dnsNames: [`vpce-of-${name}.api.sagemaker.eu-west-1.vpce.amazonaws.com`],
        },
      ],
      notebookAccess: { attachedTo: attachTo },
    },
  } as SageMakerPrivateLink;
}

function possible(...links: readonly SageMakerPrivateLink[]) {
  return links.flatMap((one) => possibleRival(one) ?? []);
}

test('the parts of links that are kept make the same rivals as whole links', () => {
  const [a, b] = [link('a'), link('b')];
  const whole = [a, b].map(({ metadata: { name, uid }, spec, status = {} }) => {
    return { name, uid, spec, status };
  });
  const found = rivalsAmong(a, () => possible(a, b));
  expect(found).toMatchObject([{ name: 'b', attached: [{ name: 'DataScientist' }] }]);
  expect(found).toEqual(whole.slice(0, 1).flatMap((one) => rivalsOf(one, whole)));
});

test('nothing that only fills memory is kept, and nothing of a link without notebook access', () => {
  const { notebookAccess: _access, ...spec } = link('a').spec;
  expect(possibleRival({ ...link('a'), spec })).toBeUndefined();
  const kept = JSON.stringify(possibleRival(link('a')));
  expect(kept).not.toContain('Statement');
  expect(kept).not.toContain('vpce.amazonaws.com');
});

test('a link that goes is a rival as long as it has a policy', () => {
  const b = { ...link('b'), metadata: { ...metadata, name: 'b', uid: 'b' } };
  expect(rivalsAmong(link('a'), () => possible(b))).toHaveLength(1);
  expect(possible({ ...b, status: {} })).toEqual([]);
});
