/** The document between two documents, by the evaluator, over generated specs and requests. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PolicyDocument } from '../../../../../src/plan/facts.ts';
import { notebookPolicy } from '../../../../../src/plan/notebook-policy/document/documents.ts';
import {
  type AccessRequest,
  evaluateAccess,
} from '../../../../../src/plan/notebook-policy/document/evaluate.ts';
import { readClauses } from '../../../../../src/plan/notebook-policy/document/read-document.ts';
import { renderDocument } from '../../../../../src/plan/notebook-policy/document/render-document.ts';
import { safeSteps } from '../../../../../src/plan/notebook-policy/safe-order.ts';
import { transitionalDocument } from '../../../../../src/plan/notebook-policy/document/transitional.ts';
import { accessSpec, linkPlace, ownEndpoints, requestTo, runs } from '../generated.ts';

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
    base: document,
    other: document,
    endpointIds: fc.subarray(own),
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

test('some endpoints have the rules of one document, everything else those of the other', () => {
  fc.assert(
    fc.property(changes, ({ base, other, endpointIds, requests }) => {
      const between = transitionalDocument({ base, other, endpointIds });
      for (const request of requests) {
        const isThrough = endpointIds.some((id) => id === request.sourceVpce);
        const denied = isThrough
          ? isAbout(base, request) && denies(other, request)
          : denies(base, request);
        expect({ request, denied: denies(between, request) }).toEqual({ request, denied });
      }
    }),
    { ...options, numRuns: 3 * options.numRuns },
  );
});

test('a step that was taken is not taken again: the document is the same from itself', () => {
  fc.assert(
    fc.property(changes, ({ base, other, endpointIds }) => {
      const between = transitionalDocument({ base, other, endpointIds });
      expect(transitionalDocument({ base: between, other, endpointIds })).toEqual(between);
      const [, ...later] = endpointIds;
      expect(transitionalDocument({ base: between, other, endpointIds: later })).toEqual(between);
    }),
    options,
  );
});

test('from a document to itself there is no other document between', () => {
  fc.assert(
    fc.property(changes, ({ base, endpointIds }) => {
      expect(transitionalDocument({ base, other: base, endpointIds })).toEqual(base);
    }),
    options,
  );
});

test('what is rendered is read back, and reads the same in the other forms that IAM accepts', () => {
  fc.assert(
    fc.property(changes, ({ base, other, endpointIds }) => {
      for (const document of [base, other, transitionalDocument({ base, other, endpointIds })]) {
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
    ['203.0.113.0/24', '203.0.113'],
    ['sagemaker:CreatePresignedNotebookInstanceUrl', 'sagemaker:*'],
  ];
  for (const [from, to] of edits) {
    expect(policy.text).toContain(from);
    const edited = JSON.parse(policy.text.replace(from, to)) as PolicyDocument;
    expect([to, readClauses(edited)]).toEqual([to, undefined]);
    // Nothing is known about it, so it is put right at once, also while endpoints change.
    const steps = safeSteps({
      enforced: edited,
      wanted: policy.document,
      attached: [],
      wantedAttached: [],
      formerlyAttached: [],
      endpoints: own.map((id) => ({
        id,
        isDialled: 'No',
        willBeDialled: true,
        isOverdue: false,
      })),
      awaitsEndpoints: false,
    });
    expect(steps.document).toBe(policy.document);
    expect(steps.mayEnterEndpoints).toBe(false);
  }
});
