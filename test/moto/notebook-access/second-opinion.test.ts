/**
 * A second opinion on the generated documents, from ministack over HTTP.
 *
 * ministack 1.5.33 answers SimulateCustomPolicy without looking at ContextEntries: each request comes
 * from 127.0.0.1, in the account of the access key, without TLS and with no key about networks. What
 * an operator does with a value does not depend on the key's name, so a question is asked in other
 * names: each key that the request has becomes one that ministack supplies, with the values exchanged
 * accordingly, and each key that it lacks becomes one that ministack does not supply. IPv6 requests
 * can't be asked, because 127.0.0.1 stays an IPv4 address.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { PolicyDocument } from '../../../src/plan/facts.ts';
import { notebookPolicy } from '../../../src/plan/notebook-policy/document/documents.ts';
import {
  type AccessRequest,
  evaluateAccess,
} from '../../../src/plan/notebook-policy/document/evaluate.ts';
import { type Ministack, startMinistack } from '../../environment/ministack.ts';
import {
  isFromAllowedPlace,
  isRestricted,
} from '../../unit/plan/notebook-policy/allowed-places.ts';
import {
  accessSpec,
  linkPlace,
  requestTo,
  runs,
} from '../../unit/plan/notebook-policy/generated.ts';

const account = '111122223333';
let ministack: Ministack;

beforeAll(async () => {
  ministack = await startMinistack();
}, 300_000);

afterAll(async () => {
  await ministack.stop();
});

test('ministack agrees with the words and the shipped evaluator on 500 generated requests', async () => {
  const cases = linkPlace.chain((place) =>
    fc.record({
      place: fc.constant(place),
      access: accessSpec,
      request: requestTo(place).filter((request) => !hasIpv6(request)),
    }),
  );
  let denied = 0;
  await fc.assert(
    fc.asyncProperty(cases, async ({ place, access, request }) => {
      const policy = notebookPolicy({ access, ...place });
      if (policy.kind !== 'Document') throw new Error(JSON.stringify(policy));
      const words =
        isRestricted(access, place, request) && !isFromAllowedPlace(access, place, request);
      const shipped = evaluateAccess(policy.document, request).decision === 'Denied';
      const second = await isDeniedByMinistack(policy.document, request);
      if (words) denied += 1;
      expect({ shipped, second }).toEqual({ shipped: words, second: words });
    }),
    { numRuns: 500 * runs.scale, seed: runs.seed },
  );
  expect(denied).toBeGreaterThan(100);
}, 300_000);

function hasIpv6({ sourceIp = '', vpcSourceIp = '' }: AccessRequest): boolean {
  return sourceIp.includes(':') || vpcSourceIp.includes(':');
}

async function isDeniedByMinistack(
  document: PolicyDocument,
  request: AccessRequest,
): Promise<boolean> {
  const allow = { Effect: 'Allow', Action: '*', Resource: '*' };
  const response = await fetch(ministack.url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${account}/20261123/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=none`,
    },
    body: new URLSearchParams({
      Action: 'SimulateCustomPolicy',
      Version: '2010-05-08',
      'ActionNames.member.1': request.action,
      'ResourceArns.member.1': request.resource,
      'PolicyInputList.member.1': JSON.stringify({ Version: '2012-10-17', Statement: [allow] }),
      'PolicyInputList.member.2': inOtherNames(document, request),
    }),
  });
  const text = await response.text();
  const decision = /<EvalDecision>(\w+)<\/EvalDecision>/.exec(text)?.[1];
  if (decision === 'allowed') return false;
  if (decision === 'explicitDeny') return true;
  throw new Error(`ministack: HTTP status ${response.status}: ${text}`);
}

/** The document with the keys and values of this request exchanged for those that ministack has. */
function inOtherNames(document: PolicyDocument, request: AccessRequest): string {
  let text = JSON.stringify(document);
  const { sourceIp, vpcSourceIp, sourceVpce, viaAWSService } = request;
  const address = sourceIp ?? vpcSourceIp;
  const present = '"aws:CurrentSource"';
  text = text.replaceAll('"aws:SourceIp"', sourceIp === undefined ? '"absent:Ip"' : present);
  text = text.replaceAll(
    '"aws:VpcSourceIp"',
    vpcSourceIp === undefined ? '"absent:VpcIp"' : present,
  );
  text = text.replaceAll(present, '"aws:SourceIp"');
  if (address !== undefined) {
    text = text.replaceAll(
      /"(\d+\.\d+\.\d+\.\d+)\/(\d+)"/g,
      (_, network: string, prefix: string) => `"${moved(network, address)}/${prefix}"`,
    );
  }
  if (sourceVpce === undefined) text = text.replaceAll('"aws:SourceVpce"', '"absent:Vpce"');
  else {
    text = text.replaceAll('"aws:SourceVpce"', '"aws:PrincipalAccount"');
    text = text.replaceAll(`"${sourceVpce}"`, `"${account}"`);
  }
  if (viaAWSService === undefined) return text.replaceAll('"aws:ViaAWSService"', '"absent:Via"');
  // ministack says false for SecureTransport.
  return text.replaceAll(
    '"aws:ViaAWSService":"false"',
    `"aws:SecureTransport":"${viaAWSService ? 'true' : 'false'}"`,
  );
}

/** The network moved along so that the address becomes 127.0.0.1: inside stays inside. */
function moved(network: string, address: string): string {
  const home = [127, 0, 0, 1];
  const from = address.split('.').map(Number);
  return network
    .split('.')
    .map((byte, index) => Number(byte) ^ (from[index] ?? 0) ^ (home[index] ?? 0))
    .join('.');
}
