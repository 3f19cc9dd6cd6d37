import { expect, test } from '@jest/globals';
import type { NotebookAccessSpec } from '../../../../src/api/sagemaker-private-link.ts';
import {
  accessMatrix,
  matrixLines,
  rowsForRole,
} from '../../../../src/standalone/reports/access-matrix.ts';
import { enforcedPolicy } from '../../../../src/standalone/notebook-question.ts';
import { plainSpec } from '../../../model/generated-specs.ts';

const ids = { api: 'vpce-0a1b2c3d4e5f67890', notebook: 'vpce-0123456789abcdef0' };
const hub = 'vpce-0fffffffffffffff0';

function matrixOf(
  access: Partial<NotebookAccessSpec>,
  endpointIds: Readonly<Record<string, string>> = ids,
  asked: { readonly action?: string } = {},
) {
  const spec = {
    ...plainSpec,
    endpoints: [
      { service: 'api' as const, privateDNS: true },
      { service: 'notebook' as const, privateDNS: true },
    ],
    notebookAccess: {
      allowEndpoints: true,
      actions: ['NotebookInstances' as const],
      onImpact: 'Fail' as const,
      ...access,
    },
  };
  const link = { name: 'ml', spec };
  const question = { link, partition: 'aws', account: '111122223333', endpointIds };
  const policy = enforcedPolicy(question);
  if (policy.kind === 'None') throw new Error(policy.message);
  return { link: 'ml', ...accessMatrix(question, policy.document, asked) };
}

function decisions(...args: Parameters<typeof matrixOf>) {
  return Object.fromEntries(
    matrixOf(...args).rows.map(({ source, make, open }) => [
      source,
      [make.decision, open.decision],
    ]),
  );
}

test('the office and the VPC get in, a hub as listed, a service makes a URL, and the internet does neither', () => {
  const access = { allowedCIDRs: ['203.0.113.0/24'], additionalEndpointIds: [hub] };
  expect(decisions(access)).toEqual({
    internet: ['Denied', 'Denied'],
    office: ['NotDenied', 'NotDenied'],
    VPC: ['NotDenied', 'NotDenied'],
    hub: ['NotDenied', 'NotDenied'],
    service: ['NotDenied', 'NotAsked'],
  });
});

test('without the endpoints of the link the VPC is out, and a range that narrows lets its addresses in', () => {
  expect(decisions({ allowEndpoints: false, allowedCIDRs: ['203.0.113.0/24'] })['VPC']).toEqual([
    'Denied',
    'Denied',
  ]);
  const narrowed = matrixOf({ allowedPrivateCIDRs: ['10.1.0.0/16'] });
  expect(narrowed.rows.find(({ source }) => source === 'VPC')).toMatchObject({
    from: '10.1.0.0',
    make: { decision: 'NotDenied' },
  });
});

test('the address that stands for the internet is none that the office has', () => {
  const { rows } = matrixOf({ allowedCIDRs: ['198.51.100.0/24'] });
  expect(rows[0]).toMatchObject({ from: '192.0.2.1', make: { decision: 'Denied' } });
});

test('an endpoint of which no id is known is not judged, and the flag that gives it is named', () => {
  const { rows } = matrixOf({ allowedCIDRs: ['203.0.113.0/24'] }, {});
  expect(rows.find(({ source }) => source === 'VPC')).toMatchObject({
    make: { decision: 'NotAsked', why: expect.stringContaining('--endpoint api=vpce-') },
    open: { decision: 'NotAsked', why: expect.stringContaining('--endpoint notebook=vpce-') },
  });
});

test('for what AWS does not check again, no promise is made about opening', () => {
  const studio = { actions: ['Studio' as const], allowedCIDRs: ['203.0.113.0/24'] };
  const { action, rows } = matrixOf(studio);
  expect(action).toBe('sagemaker:CreatePresignedDomainUrl');
  expect(new Set(rows.map(({ open }) => open.decision))).toEqual(new Set(['NotAsked']));
});

test('people get a table of 80 columns, and are told when a role is not restricted', () => {
  const matrix = matrixOf({ allowedCIDRs: ['203.0.113.0/24'] });
  const [lines, reasons] = matrixLines({ ...matrix, role: { name: 'Admin', isRestricted: false } });
  expect(lines.slice(1, 7)).toEqual([
    'role Admin does not have the policy: notebooks are open to it from everywhere.',
    'source    from                      make the URL  open it',
    'internet  198.51.100.1              denied        denied',
    'office    203.0.113.0               not denied    not denied',
    'VPC       any address in it         not denied    not denied',
    'service   an AWS service            not denied    -',
  ]);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(new Set(reasons).size).toBe(reasons.length);
});

test('a role without the policy is denied nothing, and the table says so', () => {
  const found = matrixOf({ allowedCIDRs: ['203.0.113.0/24'] }, {});
  const role = { name: 'Nobody', isRestricted: false };
  const rows = rowsForRole(found.rows, role);
  const [table, reasons] = matrixLines({ ...found, role, rows });
  expect(table.join('\n')).not.toMatch(/ denied(?<!not denied)/);
  expect(rows.map(({ make }) => make.decision)).not.toContain('Denied');
  expect(
    rows.every(({ open, source }) => open.decision === 'NotDenied' || source === 'service'),
  ).toBe(true);
  expect(reasons).toEqual(['Not restricted: role Nobody does not have the policy.']);
  expect(rowsForRole(found.rows, { name: 'DataScientist', isRestricted: true })).toBe(found.rows);
});
