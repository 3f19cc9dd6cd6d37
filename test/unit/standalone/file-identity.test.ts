import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { identityOf } from '../../../src/standalone/file-identity.ts';
import { readLinks } from '../../../src/standalone/link-files.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function document(name: string, spec: Record<string, unknown> = {}, metadata = {}): string {
  return JSON.stringify({
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name, ...metadata },
    spec: {
      region: 'eu-west-1',
      vpc: { id: 'vpc-0a1b2c3d4e5f67890' },
      subnets: { tags: { ml: 'private' } },
      endpoints: [{ service: 'api' }],
      ...spec,
    },
  });
}

function read(text: string, source = { clusterId: 'team' } as Parameters<typeof readLinks>[1]) {
  const { links, errors } = readLinks([{ fileName: 'link.json', text }], source);
  expect(errors).toEqual([]);
  return links.map(({ owner }) => owner);
}

const places = [
  {},
  { region: 'eu-central-1' },
  { vpc: { id: 'vpc-0a1b2c3d4e5f67891' } },
  { vpc: { tags: { env: 'prod' } } },
  { vpc: { tags: { env: 'prod', team: 'ml' } } },
  { account: 'ml-prod' },
  { account: 'ml-test' },
];

test('files of one name in other regions, accounts and VPCs are other links', () => {
  const uids = places.flatMap((place) => read(document('ml', place)).map(({ uid }) => uid));
  expect(new Set(uids).size).toBe(places.length);
  for (const uid of uids) expect(uid).toMatch(uuid);
});

test('what does not say where a link is does not change whose it is', () => {
  const [before] = read(document('ml'));
  const [after] = read(
    document('ml', {
      endpoints: [{ service: 'runtime' }],
      subnets: { ids: ['subnet-0a1b2c3d4e5f67890'] },
    }),
  );
  expect(after).toEqual(before);
  const tags = (vpc: object) => read(document('ml', { vpc: { tags: vpc } }))[0]?.uid;
  expect(tags({ a: '1', b: '2' })).toBe(tags({ b: '2', a: '1' }));
});

test('only what earlier versions made of this very cluster id and name is a former self', () => {
  const [owner] = read(document('ml'), { clusterId: 'standalone' });
  // The UID that version 0.1.0 gave to every file `ml` of everybody.
  expect(owner?.formerUids).toEqual(['41f295ad-2d22-e990-db18-0276af9f760a']);
});

function objectOf(name: string, uid: string): SageMakerPrivateLink {
  const object = JSON.parse(document(name, {}, { uid })) as unknown;
  return object as SageMakerPrivateLink;
}

test('with the UIDs of a cluster a file is the link of its name there', () => {
  const source = {
    clusterId: 'kube-system-uid',
    objectOf: (name: string) => (name === 'ml' ? objectOf('ml', 'uid-in-the-cluster') : undefined),
  };
  expect(read(document('ml'), source)).toEqual([
    { clusterId: 'kube-system-uid', uid: 'uid-in-the-cluster', name: 'ml' },
  ]);
  const [unborn] = read(document('other'), source);
  expect(unborn?.uid).toMatch(uuid);
  expect(unborn).not.toHaveProperty('formerUids');
});

test('a UID in the file is the link of that UID', () => {
  const [owner] = read(document('ml', {}, { uid: '0b1c' }));
  expect(owner).toMatchObject({ clusterId: 'team', uid: '0b1c', name: 'ml' });
});

test('one name twice in one place is refused, and in one cluster everywhere', () => {
  const twice = (second: object) => `[${document('ml')},${document('ml', { ...second })}]`;
  const errorsOf = (text: string, source: Parameters<typeof readLinks>[1]) =>
    readLinks(
      JSON.parse(text).map((one: unknown, index: number) => ({
        fileName: `${index}.json`,
        text: JSON.stringify(one),
      })),
      source,
    ).errors;
  const file = { clusterId: 'team' };
  expect(errorsOf(twice({}), file)).toEqual([
    '1.json:1: metadata.name ml is given twice for the same region, account and VPC, first in 0.json:1: give each its own name',
  ]);
  expect(errorsOf(twice({ region: 'eu-central-1' }), file)).toEqual([]);
  expect(
    errorsOf(twice({ region: 'eu-central-1' }), { ...file, objectOf: () => undefined }),
  ).toEqual([
    '1.json:1: metadata.name ml is given twice for one cluster, first in 0.json:1: give each its own name',
  ]);
});

test('no two identities meet, however their parts are cut', () => {
  const text = fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', '"', ',', '-') });
  const link = fc.record({ clusterId: text, name: text, region: text, account: text, vpc: text });
  const uidOf = ({
    clusterId,
    name,
    region,
    account,
    vpc,
  }: typeof link extends fc.Arbitrary<infer T> ? T : never): string =>
    identityOf({ metadata: { name }, spec: { region, account, vpc: { id: vpc } } } as never, {
      clusterId,
    }).uid;
  fc.assert(
    fc.property(link, link, (one, other) => {
      expect(uidOf(one) === uidOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
});
