import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { printable } from '../../../src/api/printable.ts';
import { linkTopology } from '../../../src/topology/link-topology.ts';
import type { LinkView } from '../../../src/topology/topology.ts';
import { hostileLinks } from './hostile-link.ts';
import { condition, newLink, troubledLink, wellLink } from './sample-links.ts';

const schemaFile = new URL('../../../docs/trace.schema.json', import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

function withStatus(changes: Partial<NonNullable<LinkView['status']>>): LinkView {
  return { ...wellLink, status: { ...wellLink.status, ...changes } };
}

test('a link that is well has an address for each endpoint in each zone, and nothing else', () => {
  const { tone, zones, endpoints, group, notebookAccess, clients } = linkTopology(wellLink);
  expect(tone).toBe('well');
  expect(zones.map(({ zone, subnetId }) => [zone, subnetId])).toEqual([
    ['eu-west-1a', 'subnet-0'],
    ['eu-west-1b', 'subnet-1'],
  ]);
  expect(endpoints.map(({ cells }) => cells.flatMap(({ addresses }) => addresses))).toEqual([
    ['10.0.0.1', '10.0.1.1'],
    ['10.0.0.2', '10.0.1.2'],
  ]);
  expect(endpoints[0]?.privateNames).toEqual(['api.sagemaker.eu-west-1.amazonaws.com']);
  expect(group.rules).toEqual(['10.0.0.0/16 (the VPC)']);
  expect(notebookAccess?.principals).toEqual([
    { kind: 'role', name: 'DataScientist', tone: 'well', state: 'restricted' },
  ]);
  expect(clients).toMatchObject({ namespaces: 3, ready: 3, selector: 'ml=true' });
});

test('trouble is where it is: the endpoint that is named, the zone without interface, the stranger', () => {
  const { tone, endpoints, group, notebookAccess, clients } = linkTopology(troubledLink);
  expect(tone).toBe('foreign');
  const [api, runtime] = endpoints;
  expect(api).toMatchObject({ tone: 'well', foreignIds: [] });
  expect(api?.cells.map(({ state, tone: one }) => [state, one])).toEqual([
    ['available', 'well'],
    ['missing', 'broken'],
  ]);
  expect(runtime).toMatchObject({
    tone: 'foreign',
    state: 'absent',
    foreignIds: ['vpce-0f0f0f0f0f0f0f0f0'],
  });
  expect(group.tone).toBe('broken');
  expect(notebookAccess?.principals.map(({ name, tone: one }) => [name, one])).toEqual([
    ['DataScientist', 'broken'],
    ['Stranger', 'foreign'],
  ]);
  expect(clients?.failing[0]?.namespace).toBe('fraud');
});

test('a link that nobody has looked at is drawn from its spec, and nothing of it is well or red', () => {
  const topology = linkTopology(newLink);
  expect(topology).toMatchObject({ ready: 'Unknown', reason: 'NotLookedAtYet', tone: 'unknown' });
  expect(topology.endpoints.map(({ label, state, tone }) => [label, state, tone])).toEqual([
    ['api', 'not looked at', 'unknown'],
    ['runtime', 'not looked at', 'unknown'],
  ]);
});

test('what is only awaited is not red, and a retry is', () => {
  const pending = (reason: string) =>
    linkTopology(
      withStatus({
        conditions: [
          condition('Ready', 'False', 'EndpointPending'),
          condition('Reconciling', 'True', reason),
          condition('EndpointsAvailable', 'False', 'EndpointPending', 'api is pending.'),
        ],
      }),
    ).tone;
  expect(pending('EndpointPending')).toBe('waiting');
  expect(pending('ProgressingWithRetry')).toBe('broken');
});

test('api-fips in a sentence is not api', () => {
  const message = 'com.amazonaws.eu-west-1.sagemaker.api-fips: api-fips is not offered here.';
  const { endpoints } = linkTopology(
    withStatus({
      conditions: [
        condition('Stalled', 'True'),
        condition('EndpointsAvailable', 'False', 'ServiceNotFound', message),
      ],
    }),
  );
  expect(endpoints.map(({ notes }) => notes)).toEqual([[], []]);
});

test('an interface without a zone has a column of its own, and no zone is said to lack one', () => {
  const [api] = wellLink.status?.endpoints ?? [];
  const unread = {
    ...api,
    serviceName: api?.serviceName ?? '',
    networkInterfaces: [{ id: 'eni-9' }],
  };
  const { zones, endpoints } = linkTopology(withStatus({ endpoints: [unread] }));
  expect(zones.at(-1)?.zone).toBe('zone not read');
  expect(endpoints[0]?.cells.map(({ state }) => state)).toEqual([
    'not read',
    'not read',
    'available',
  ]);
});

test('an interface in a subnet that was not chosen is not of the spec', () => {
  const { endpoints } = linkTopology(
    withStatus({ subnets: [{ id: 'subnet-9', zone: 'eu-west-1a' }] }),
  );
  expect(endpoints[0]?.cells.map(({ tone, state }) => [tone, state])).toEqual([
    ['foreign', 'not wanted'],
    ['foreign', 'not wanted'],
  ]);
});

test('every topology is as the schema says', () => {
  const links = [wellLink, troubledLink, newLink].map(linkTopology);
  validate({ links });
  expect(validate.errors ?? []).toEqual([]);
});

test('every text of it is of one line and safe for a terminal, whoever wrote it', () => {
  fc.assert(
    fc.property(hostileLinks, (link) => {
      for (const text of textsIn(linkTopology(link))) expect(text).toBe(printable(text));
    }),
  );
});

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
