/**
 * What the user's words say, what the shipped evaluator says and what an independent IAM simulator
 * says about the generated documents: the same in every cell.
 * SMPL_RUNS_FACTOR=10 runs ten times as many cases, SMPL_SEED others.
 */
import { afterAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { NotebookAccessSpec } from '../../../../../src/api/sagemaker-private-link.ts';
import type { PolicyDocument } from '../../../../../src/plan/facts.ts';
import { notebookPolicy } from '../../../../../src/plan/notebook-policy/document/documents.ts';
import {
  type AccessRequest,
  evaluateAccess,
} from '../../../../../src/plan/notebook-policy/document/evaluate.ts';
import { isFromAllowedPlace, isRestricted, type LinkPlace } from '../allowed-places.ts';
import { counterexamples } from '../counterexamples.ts';
import { accessSpec, linkPlace, requestTo, runs } from '../generated.ts';
import { isDeniedByIam } from '../independent-evaluator.ts';

const requestsPerSpec = 10;
const specs = 1_000 * runs.scale;
const cells = new Map<string, number>();

test(`words, evaluator and IAM simulator agree on ${specs * requestsPerSpec} generated requests`, async () => {
  const cases = linkPlace.chain((place) =>
    fc.record({
      place: fc.constant(place),
      access: accessSpec,
      requests: fc.array(requestTo(place), {
        minLength: requestsPerSpec,
        maxLength: requestsPerSpec,
      }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(cases, async ({ place, access, requests }) => {
      const document = documentOf(access, place);
      for (const request of requests) await allAgree(document, access, place, request);
    }),
    { numRuns: specs, seed: runs.seed },
  );
}, 600_000);

test.each(counterexamples)('kept counterexample: $name', async ({ access, place, request }) => {
  await allAgree(documentOf(access, place), access, place, request);
});

test('the generated requests fill every cell of the table, denied and not', () => {
  const compositions = ['cidrs', 'endpoints', 'cidrs+endpoints'];
  const kinds = ['public v4', 'public v6', 'own', 'hub', 'foreign', 'service', 'no keys'];
  const missing = compositions.flatMap((composition) =>
    kinds
      .map((kind) => `${composition}: ${kind}`)
      .filter((cell) => !cells.has(`${cell}: denied`) && !cells.has(`${cell}: not denied`)),
  );
  expect(missing).toEqual([]);
  // Every cell that a composition can deny or let pass has been denied or let pass.
  const seen = (cell: string) => cells.has(cell);
  const both = [
    'cidrs: public v4',
    'cidrs: public v6',
    'endpoints: own',
    'endpoints: hub',
    'cidrs+endpoints: public v4',
    'cidrs+endpoints: public v6',
    'cidrs+endpoints: own',
    'cidrs+endpoints: hub',
  ];
  expect(both.filter((cell) => !seen(`${cell}: denied`))).toEqual([]);
  expect(both.filter((cell) => !seen(`${cell}: not denied`))).toEqual([]);
  const closed = ['cidrs: own', 'cidrs: hub', 'endpoints: public v4'].concat(
    compositions.flatMap((composition) => [`${composition}: foreign`, `${composition}: no keys`]),
  );
  expect(closed.filter((cell) => !seen(`${cell}: denied`))).toEqual([]);
  // What a service does on somebody's behalf is never denied.
  expect([...cells.keys()].filter((cell) => cell.endsWith('service: denied'))).toEqual([]);
});

afterAll(() => {
  if (process.env['SMPL_SHOW_CELLS'] === undefined) return;
  const lines = [...cells].sort().map(([cell, count]) => `${String(count).padStart(6)} ${cell}`);
  process.stderr.write(`${lines.join('\n')}\n`);
});

function documentOf(access: NotebookAccessSpec, place: LinkPlace): PolicyDocument {
  const policy = notebookPolicy({ access, ...place });
  if (policy.kind !== 'Document') throw new Error(`no document: ${JSON.stringify(policy)}`);
  return policy.document;
}

async function allAgree(
  document: PolicyDocument,
  access: NotebookAccessSpec,
  place: LinkPlace,
  request: AccessRequest,
): Promise<void> {
  const words = isRestricted(access, place, request) && !isFromAllowedPlace(access, place, request);
  const shipped = evaluateAccess(document, request).decision === 'Denied';
  const simulated = await isDeniedByIam([document], request);
  count(access, request, words);
  expect({ shipped, simulated }).toEqual({ shipped: words, simulated: words });
}

function count(access: NotebookAccessSpec, request: AccessRequest, denied: boolean): void {
  const hasCidrs = (access.allowedCIDRs ?? []).length > 0;
  const hasEndpoints = access.allowEndpoints || (access.additionalEndpointIds ?? []).length > 0;
  const composition = [...(hasCidrs ? ['cidrs'] : []), ...(hasEndpoints ? ['endpoints'] : [])];
  const cell = `${composition.join('+')}: ${kindOf(request)}: ${denied ? 'denied' : 'not denied'}`;
  cells.set(cell, (cells.get(cell) ?? 0) + 1);
}

function kindOf({ viaAWSService, sourceVpce, sourceIp }: AccessRequest): string {
  if (viaAWSService === true) return 'service';
  if (sourceVpce?.startsWith('vpce-0a') === true) return 'own';
  if (sourceVpce?.startsWith('vpce-0b') === true) return 'hub';
  if (sourceVpce !== undefined) return 'foreign';
  if (sourceIp === undefined) return 'no keys';
  return sourceIp.includes(':') ? 'public v6' : 'public v4';
}
