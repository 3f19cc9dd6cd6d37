import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { kubernetesVersion, kubernetesVersions } from '../../environment/kubernetes-version.ts';
import { readSpecs } from '../../specs/read-specs.ts';
import { askServer, askServerToReplace, installKind, linksPath } from './install-kind.ts';
import { type Mutation, mutate, mutations } from './mutations.ts';

interface Link {
  readonly metadata: { readonly name: string };
  readonly spec: unknown;
}

/** Its own: an operator of another test would take up the links that are made here. */
let server: ApiServer;
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 300);

const links = readSpecs('valid').map(
  ({ text }) => parseLinks(text, 'link.yaml')[0]?.object as Link,
);

/** Links that are really there, each with its defaults. */
const stored: Link[] = [];

beforeAll(async () => {
  server = await startApiServer();
  await installKind(server);
  for (const link of links) {
    const body = { ...link, metadata: { name: `agreement-${randomUUID()}` } };
    const created = await server.request({ method: 'POST', path: linksPath, body });
    stored.push(created.body as Link);
  }
});

afterAll(async () => server?.stop());

function change<L extends Link>(link: L, changes: readonly Mutation[]): L {
  return JSON.parse(JSON.stringify({ ...link, spec: mutate(link.spec, changes) }));
}

/** Go walks maps in no particular order. */
function expectSame(offline: unknown, complaints: readonly string[], old?: unknown): void {
  const own = validateLink(offline, { old }).violations.map(({ message }) => message);
  expect(comparable(own)).toEqual(comparable(complaints));
}

const isNewest = kubernetesVersion().minor === kubernetesVersions()[0]?.minor;

/** Offline speaks as the newest version does; those before write a list where a word is due as Go does. */
function comparable(complaints: readonly string[]): readonly string[] {
  const value = /(?<=: Unsupported value: ).*(?=: supported values: )/s;
  return complaints.map((one) => (isNewest ? one : one.replace(value, '...'))).sort();
}

test('whatever is made of a valid link, the API server and offline say the same', async () => {
  let refused = 0;
  const property = fc.asyncProperty(fc.constantFrom(...links), mutations, async (link, changes) => {
    const object = change(link, changes);
    const complaints = await askServer(server, object);
    if (complaints.length > 0) refused += 1;
    expectSame(object, complaints);
  });
  await fc.assert(property, { numRuns });
  expect(refused).toBeGreaterThan(numRuns / 4);
}, 300_000);

test('whatever becomes of a stored link, the API server and offline say the same', async () => {
  const property = fc.asyncProperty(fc.nat(links.length - 1), mutations, async (index, changes) => {
    const old = stored[index];
    if (old === undefined) throw new Error('no stored link');
    const object = change(old, changes);
    expectSame(object, await askServerToReplace(server, object), old);
  });
  await fc.assert(property, { numRuns });
}, 300_000);
