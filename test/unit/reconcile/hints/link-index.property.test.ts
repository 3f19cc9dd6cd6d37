import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLink } from '../../../../src/api/sagemaker-private-link.ts';
import { createLinkIndex } from '../../../../src/reconcile/hints/link-index.ts';

function linkOf(name: string, ids: readonly string[]): SageMakerPrivateLink {
  const endpoints = ids.map((id) => ({ serviceName: id, id }));
  return { metadata: { name }, spec: {}, status: { endpoints } } as unknown as SageMakerPrivateLink;
}

const name = fc.constantFrom('a', 'b', 'c');
const allIds = ['vpce-1', 'vpce-2', 'vpce-3', 'vpce-4'];
const change = fc.record({ name, ids: fc.option(fc.subarray(allIds)) });

test('after any changes an id leads to the links that have it now, and to no other', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const index = createLinkIndex();
      const now = new Map<string, readonly string[]>();
      for (const { name: link, ids } of changes) {
        const former = linkOf(link, now.get(link) ?? []);
        if (ids === null) {
          now.delete(link);
          index.note({ kind: 'deleted', object: former });
        } else {
          const object = linkOf(link, ids);
          index.note(
            now.has(link)
              ? { kind: 'updated', object, previous: former }
              : { kind: 'added', object },
          );
          now.set(link, ids);
        }
      }
      for (const id of allIds) {
        const wanted = [...now].filter(([, ids]) => ids.includes(id)).map(([link]) => link);
        expect([...index.linksWith(id)].toSorted()).toEqual(wanted.toSorted());
      }
    }),
    { numRuns: 1_000 },
  );
});
