/** Form, size and refusals of the notebook policy; warnings; answers in words. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type {
  EndpointSpec,
  NotebookAccessSpec,
  NotebookAction,
} from '../../../../../src/api/sagemaker-private-link.ts';
import { mergedCidrs } from '../../../../../src/plan/notebook-policy/document/cidr-set.ts';
import { notebookPolicy } from '../../../../../src/plan/notebook-policy/document/documents.ts';
import { evaluateAccess } from '../../../../../src/plan/notebook-policy/document/evaluate.ts';
import { explainAccess } from '../../../../../src/plan/notebook-policy/document/explain.ts';
import { accessWarnings } from '../../../../../src/plan/notebook-policy/document/warnings.ts';
import { isFromAllowedPlace } from '../allowed-places.ts';
import { accessSpec, linkPlace, publicAddress, publicBlocks, runs } from '../generated.ts';

const options = { numRuns: 500 * runs.scale, seed: runs.seed };
const place = {
  partition: 'aws',
  account: '111122223333',
  region: 'eu-west-1',
  endpointIds: ['vpce-0a00000000000000b', 'vpce-0a00000000000000a'],
};
const access = (fields: Partial<NotebookAccessSpec>): NotebookAccessSpec => ({
  allowEndpoints: true,
  actions: ['NotebookInstances'],
  onImpact: 'Fail',
  ...fields,
});

function documentOf(fields: Partial<NotebookAccessSpec>, at = place) {
  const policy = notebookPolicy({ access: access(fields), ...at });
  if (policy.kind !== 'Document') throw new Error(JSON.stringify(policy));
  return policy;
}

function messagesOf(fields: Partial<NotebookAccessSpec>): readonly string[] {
  const policy = notebookPolicy({ access: access(fields), ...place });
  return policy.kind === 'Refused' ? policy.problems.map(({ message }) => message) : [];
}

test('the document of office addresses and endpoints', () => {
  const { document } = documentOf({ allowedCIDRs: ['203.0.113.128/25', '203.0.113.0/25'] });
  expect(document).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'DenyOutsideAllowedNetworks',
        Effect: 'Deny',
        Action: ['sagemaker:CreatePresignedNotebookInstanceUrl'],
        Resource: ['arn:aws:sagemaker:eu-west-1:111122223333:*'],
        Condition: {
          NotIpAddress: { 'aws:SourceIp': ['203.0.113.0/24'] },
          StringNotEquals: {
            'aws:SourceVpce': ['vpce-0a00000000000000a', 'vpce-0a00000000000000b'],
          },
          BoolIfExists: { 'aws:ViaAWSService': 'false' },
        },
      },
    ],
  });
});

test('the same spec in any order gives the same text, with no empty list and unique Sids', () => {
  const shuffled = fc.tuple(linkPlace, accessSpec).chain(([at, spec]) =>
    fc.record({
      at: fc.constant(at),
      spec: fc.constant(spec),
      cidrs: fc.shuffledSubarray([...(spec.allowedCIDRs ?? [])], {
        minLength: spec.allowedCIDRs?.length ?? 0,
      }),
      actions: fc.shuffledSubarray([...spec.actions], { minLength: spec.actions.length }),
      endpointIds: fc.shuffledSubarray([...at.endpointIds], { minLength: at.endpointIds.length }),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ at, spec, cidrs, actions, endpointIds }) => {
      const one = notebookPolicy({ access: spec, ...at });
      const other = notebookPolicy({
        access: { ...spec, allowedCIDRs: cidrs, actions },
        ...at,
        endpointIds,
      });
      if (one.kind !== 'Document') throw new Error(JSON.stringify(one));
      expect(other).toEqual(one);
      expect(one.text).not.toContain('[]');
      const sids = [...one.text.matchAll(/"Sid":"(\w+)"/g)].map(([, sid]) => sid);
      expect(new Set(sids).size).toBe(sids.length);
    }),
    options,
  );
});

test('merged blocks hold exactly the same addresses, and none of them is idle', () => {
  fc.assert(
    fc.property(publicBlocks, fc.array(publicAddress, { minLength: 5 }), (blocks, addresses) => {
      const merged = mergedCidrs(blocks);
      expect(merged.length).toBeLessThanOrEqual(blocks.length);
      for (const sourceIp of addresses) {
        const isIn = (allowedCIDRs: readonly string[]) =>
          isFromAllowedPlace(access({ allowedCIDRs }), place, {
            action: '',
            resource: '',
            sourceIp,
          });
        expect(isIn(merged)).toBe(isIn(blocks));
      }
    }),
    options,
  );
});

test('one character too many is refused, by how much it is over', () => {
  // Every second address, so that nothing can be merged.
  const blocks = (count: number) =>
    Array.from(
      { length: count },
      (_, index) => `198.51.${100 + (index >> 7)}.${(index & 127) * 2}/32`,
    );
  const fits = (count: number) => messagesOf({ allowedCIDRs: blocks(count) }).length === 0;
  let most = 200;
  while (fits(most + 1)) most += 1;
  const { text, size } = documentOf({ allowedCIDRs: blocks(most) });
  expect(size).toBe(text.length);
  expect(size).toBeLessThanOrEqual(6_144);
  const [message] = messagesOf({ allowedCIDRs: blocks(most + 1) });
  const [, total, over] =
    /has (\d+) characters, (\d+) more than the 6144/.exec(message ?? '') ?? [];
  expect(Number(total)).toBe(6_144 + Number(over));
  expect(Number(total) - size).toBe('"198.51.102.88/32",'.length);
});

test('what can’t be right is refused', () => {
  expect(messagesOf({ allowEndpoints: false })[0]).toContain('everybody would be locked out');
  expect(messagesOf({ allowedCIDRs: ['10.0.0.0/16'] })[0]).toContain('use allowedPrivateCIDRs');
  expect(messagesOf({ allowedCIDRs: ['203.0.113.7'] })[0]).toContain('no block of addresses');
  expect(messagesOf({ allowedPrivateCIDRs: ['fd00::/129'] })[0]).toContain('no block of addresses');
  expect(
    messagesOf({
      allowEndpoints: false,
      allowedCIDRs: ['203.0.113.0/24'],
      allowedPrivateCIDRs: ['10.0.0.0/8'],
    })[0],
  ).toContain('no endpoint is allowed');
  expect(messagesOf({ actions: ['Studio'], notebookInstances: ['demo'] })[0]).toContain(
    'needs NotebookInstances',
  );
  expect(messagesOf({ notebookInstances: ['démö', '日本'] })[0]).toContain('IAM takes U+0020');
});

test('without any endpoint yet, endpoints only is pending and addresses are not', () => {
  const none = { ...place, endpointIds: [] };
  expect(notebookPolicy({ access: access({}), ...none }).kind).toBe('Pending');
  const { text } = documentOf({ allowedCIDRs: ['203.0.113.0/24'] }, none);
  expect(text).not.toContain('SourceVpce');
});

test('warnings: the whole internet, public blocks as private ones, half of the endpoints', () => {
  const pair = [
    { service: 'api', privateDNS: true },
    { service: 'notebook', privateDNS: true },
  ] as const;
  const warned = (fields: Partial<NotebookAccessSpec>, endpoints: readonly object[] = pair) =>
    accessWarnings(access(fields), endpoints as typeof pair);
  expect(warned({ allowedCIDRs: ['203.0.113.0/24'] })).toEqual([]);
  expect(warned({ allowedCIDRs: ['0.0.0.0/1', '128.0.0.0/1'] })[0]).toContain('whole internet');
  expect(warned({ allowedCIDRs: ['::/0'] })[0]).toContain('::/0');
  expect(warned({ allowedPrivateCIDRs: ['8.8.8.0/24'] })[0]).toContain('no private range');
  expect(warned({ allowedPrivateCIDRs: ['10.1.0.0/16', '2001:db8::/64'] })).toEqual([]);
  expect(warned({}, [pair[0]])[0]).toContain('Add notebook');
  expect(warned({}, [pair[0]])[0]).toContain('no public address is allowed');
  expect(warned({}, [pair[1]])[0]).toContain('Add api');
  expect(warned({}, [{ service: 'runtime', privateDNS: true }])[0]).toContain('has no effect');
  const closed = { allowEndpoints: false, allowedCIDRs: ['203.0.113.0/24'] };
  expect(warned(closed)[0]).toContain('everybody inside the VPC');
  expect(warned(closed, [{ service: 'api', privateDNS: false }])).toEqual([]);
});

const endpoint = (service: string, privateDNS = true) => ({ service, privateDNS }) as EndpointSpec;
const allActions = {
  NotebookInstances: ['api', 'notebook'],
  Studio: ['api', 'studio'],
  MLflowTrackingServers: ['api', 'experiments'],
  MLflowApps: ['api', 'mlflow'],
  PartnerApps: ['api', 'partner-app'],
  MLflowAPI: ['experiments'],
  StudioRemoteAccess: ['api'],
} satisfies Record<NotebookAction, readonly string[]>;

test.each(Object.entries(allActions))(
  '%s is warned of exactly when one of its endpoints is missing',
  (action, services) => {
    const spec = access({ actions: [action as NotebookAction] });
    const all = services.map((service) => endpoint(service));
    expect(accessWarnings(spec, all)).toEqual([]);
    for (const missing of services) {
      const rest = [...all.filter(({ service }) => service !== missing), endpoint('partner-app')];
      const others = missing === 'partner-app' ? rest.slice(0, -1) : rest;
      const [warning] = accessWarnings(spec, others);
      expect(warning).toContain(action);
      expect(warning).toMatch(new RegExp(`Add (${missing}|.* or ${missing}|${missing} or .*) to`));
    }
  },
);

test('endpoints only, while private DNS is off for one of them, is warned of', () => {
  const pair = [endpoint('api'), endpoint('notebook', false)];
  expect(accessWarnings(access({}), pair)).toEqual([
    expect.stringMatching(/endpoints only, and private DNS is off for notebook/),
  ]);
  expect(accessWarnings(access({ allowedCIDRs: ['203.0.113.0/24'] }), pair)).toEqual([]);
  const long = { serviceName: 'aws.sagemaker.eu-west-1.notebook', privateDNS: true };
  expect(accessWarnings(access({}), [endpoint('api-fips'), long])).toEqual([]);
});

test('an answer in words names the request, the statement and the reason', () => {
  const { document } = documentOf({
    allowedCIDRs: ['203.0.113.0/24'],
    allowedPrivateCIDRs: ['10.0.16.0/20'],
  });
  const request = {
    action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
    resource: 'arn:aws:sagemaker:eu-west-1:111122223333:notebook-instance/demo',
  };
  const inside = explainAccess(document, { ...request, sourceIp: '203.0.113.7' });
  expect(inside.decision).toBe('NotDenied');
  expect(inside.lines.join('\n')).toContain('203.0.113.7 is in 203.0.113.0/24');
  expect(inside.lines.at(-1)).toContain('only denies');
  const outside = explainAccess(document, { ...request, sourceIp: '198.51.100.1' });
  expect(outside).toMatchObject({ decision: 'Denied', sid: 'DenyOutsideAllowedNetworks' });
  expect(outside.lines.join('\n')).toContain('it does not come through a VPC endpoint');
  const elsewhere = explainAccess(document, {
    ...request,
    sourceVpce: 'vpce-0a00000000000000a',
    vpcSourceIp: '10.9.0.1',
  });
  expect(elsewhere).toMatchObject({ sid: 'DenyOutsideAllowedPrivateAddresses' });
  expect(elsewhere.lines.join('\n')).toContain('10.9.0.1 is not in 10.0.16.0/20');
});

test('the evaluator refuses to answer for documents that it does not know', () => {
  const request = { action: 'sagemaker:CreateDomain', resource: 'arn:aws:sagemaker:x:1:y' };
  const statement = { Sid: 'A', Effect: 'Deny', Action: 'a:b', Resource: 'arn:x' };
  const document = (Condition: object) => ({
    Version: '2012-10-17',
    Statement: [{ ...statement, Condition }],
  });
  for (const condition of [
    { StringLike: { 'aws:SourceVpce': 'vpce-*' } },
    { StringEquals: { 'aws:PrincipalTag/team': 'ml' } },
  ]) {
    expect(() => evaluateAccess(document(condition), request)).toThrow(RangeError);
  }
  expect(() => evaluateAccess({ Statement: [] }, request)).toThrow(RangeError);
});

test('private addresses are no limit while there is no endpoint to come through', () => {
  const nowhere = { ...place, endpointIds: [] };
  const allowedCIDRs = ['203.0.113.0/24'];
  const narrowed = documentOf({ allowedCIDRs, allowedPrivateCIDRs: ['10.0.16.0/20'] }, nowhere);
  expect(narrowed.document).toEqual(documentOf({ allowedCIDRs }, nowhere).document);
});
