/** The document between two documents, by the evaluator, over generated specs and requests. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PolicyDocument } from '../../../src/plan/facts.ts';
import { notebookPolicy } from '../../../src/plan/notebook-access/documents.ts';
import { type AccessRequest, evaluateAccess } from '../../../src/plan/notebook-access/evaluate.ts';
import { readClauses } from '../../../src/plan/notebook-access/read-document.ts';
import { renderDocument } from '../../../src/plan/notebook-access/render-document.ts';
import { transitionalDocument } from '../../../src/plan/notebook-access/transitional.ts';
import { accessSpec, linkPlace, ownEndpoints, requestTo, runs } from './generated.ts';

const options = { numRuns: 300 * runs.scale, seed: runs.seed };
const own = [...ownEndpoints];

/** Two documents of one link and requests to it. */
const changes = linkPlace.chain((place) => {
  const document = fc
    .tuple(accessSpec, fc.subarray(own, { minLength: 1 }))
    .map(([access, endpointIds]) => {
      const policy = notebookPolicy({ access, ...place, endpointIds });
      if (policy.kind !== 'Document') throw new Error(JSON.stringify(policy));
      return policy.document;
    });
  return fc.record({
    current: document,
    next: document,
    requests: fc.array(requestTo(place), { minLength: 8, maxLength: 8 }),
  });
});

function denies(document: PolicyDocument, request: AccessRequest): boolean {
  return evaluateAccess(document, request).decision === 'Denied';
}

/** Whether any statement is about the request, wherever it comes from. */
function isAbout(document: PolicyDocument, { action, resource }: AccessRequest): boolean {
  return denies(document, { action, resource });
}

/** What the transitional document has to deny, in the words of its definition. */
function isToBeDenied(
  current: PolicyDocument,
  next: PolicyDocument,
  request: AccessRequest,
): boolean {
  // Nothing is denied that the current document allows.
  if (!denies(current, request)) return false;
  // Where the next document is about a request, exactly what both deny is denied.
  if (isAbout(next, request)) return denies(next, request);
  // Where it says nothing, own endpoints are open and so are its networks; the rest is as it was.
  return !own.some((id) => id === request.sourceVpce) && !isOpenIn(next, request);
}

test('between two documents, every request is denied or not as the definition says', () => {
  fc.assert(
    fc.property(changes, ({ current, next, requests }) => {
      const between = transitionalDocument(current, next, own);
      for (const request of requests) {
        const denied = isToBeDenied(current, next, request);
        expect({ request, denied: denies(between, request) }).toEqual({ request, denied });
      }
    }),
    { ...options, numRuns: 3 * options.numRuns },
  );
});

/** Whether some outer clause of the document leaves the request's network open. */
function isOpenIn(document: PolicyDocument, request: AccessRequest): boolean {
  const clauses = readClauses(document) ?? [];
  return clauses
    .filter(({ kind }) => kind === 'OutsideNetworks')
    .some((clause) => {
      const [action, resource] = [clause.actions[0] as string, clause.resources[0] as string];
      const sameNetwork = { ...request, action, resource: resource.replace(/\*$/, 'x') };
      return !denies(renderDocument([clause]), sameNetwork);
    });
}

test('a step that was taken is not taken again: the document is the same from itself', () => {
  fc.assert(
    fc.property(changes, ({ current, next }) => {
      const between = transitionalDocument(current, next, own);
      expect(transitionalDocument(between, next, own)).toEqual(between);
    }),
    options,
  );
});

test('from a document to itself there is no other document between', () => {
  fc.assert(
    fc.property(changes, ({ current }) => {
      expect(transitionalDocument(current, current, own)).toEqual(current);
    }),
    options,
  );
});

test('what is rendered is read back, and reads the same in the other forms that IAM accepts', () => {
  fc.assert(
    fc.property(changes, ({ current, next }) => {
      for (const document of [current, next, transitionalDocument(current, next, own)]) {
        expect(renderDocument(readClauses(document) ?? [])).toEqual(document);
        const text = JSON.stringify(document).replaceAll('aws:SourceVpce', 'AWS:sourcevpce');
        const loose = text.replaceAll(/\["([^"]*)"\]/g, '"$1"');
        expect(renderDocument(readClauses(JSON.parse(loose) as PolicyDocument) ?? [])).toEqual(
          document,
        );
      }
    }),
    options,
  );
});

test('a document that somebody edited is not taken for a generated one', () => {
  const policy = notebookPolicy({
    access: {
      allowEndpoints: true,
      allowedCIDRs: ['203.0.113.0/24'],
      actions: ['NotebookInstances'],
      onImpact: 'Fail',
    },
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    endpointIds: own,
  });
  if (policy.kind !== 'Document') throw new Error('no document');
  const edits: readonly (readonly [string, string])[] = [
    ['"Deny"', '"Allow"'],
    ['BoolIfExists', 'Bool'],
    ['"false"', '"true"'],
    ['NotIpAddress', 'IpAddress'],
    ['StringNotEquals', 'StringNotLike'],
    ['aws:SourceIp', 'aws:VpcSourceIp'],
    ['aws:SourceVpce', 'aws:SourceVpc'],
    ['"Resource"', '"NotResource"'],
    ['"Action"', '"NotAction"'],
    ['2012-10-17', '2008-10-17'],
    ['203.0.113.0/24', '203.0.113'],
    ['sagemaker:CreatePresignedNotebookInstanceUrl', 'sagemaker:*'],
  ];
  for (const [from, to] of edits) {
    expect(policy.text).toContain(from);
    const edited = JSON.parse(policy.text.replace(from, to)) as PolicyDocument;
    expect([to, readClauses(edited)]).toEqual([to, undefined]);
    // Nothing is known about it, so it is replaced at once.
    expect(transitionalDocument(edited, policy.document, own)).toBe(policy.document);
  }
});
