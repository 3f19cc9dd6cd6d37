import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { readSpecs } from '../../specs/read-specs.ts';
import { askServer, installKind } from './install-kind.ts';
import { mutate, mutations } from './mutations.ts';

const server = sharedApiServer('kubernetes');

const links = readSpecs('valid').map(
  ({ text }) => parseLinks(text, 'link.yaml')[0]?.object as { readonly spec: unknown },
);

beforeAll(async () => installKind(server));

test('whatever happens to a valid spec, the API server and offline say the same about it', async () => {
  let refused = 0;
  const property = fc.asyncProperty(fc.constantFrom(...links), mutations, async (link, changes) => {
    const object = JSON.parse(JSON.stringify({ ...link, spec: mutate(link.spec, changes) }));
    const complaints = await askServer(server, object);
    const offline = validateLink(object).violations.map(({ message }) => message);
    if (complaints.length > 0) refused += 1;
    expect([...offline].sort()).toEqual([...complaints].sort());
  });
  await fc.assert(property, { numRuns: Number(process.env['FUZZ_RUNS'] ?? 400) });
  expect(refused).toBeGreaterThan(0);
}, 300_000);
