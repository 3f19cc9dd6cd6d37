import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { kubectl } from '../../environment/kubectl.ts';
import { sharedApiServer } from '../../environment/shared-api-server.ts';
import { installKind } from './install-kind.ts';

const server = sharedApiServer('kubernetes');

/** Scalars on which YAML 1.1, YAML 1.2 and their readers differ. */
const scalars = `yes Yes YES no No NO on On ON off Off OFF y Y n N true True TRUE false False FALSE
null Null NULL ~ 0 1 -1 +1 010 0x1f 0b11 1_000 1.5 1e3 1.0 .5 5. 1:30 190:20:30 2012-10-17
2012-10-17T10:00:00Z .inf .nan 111122223333 12345678901234567890 '1.0' "yes" 'it''s' "\\u00e9" a:b
=`.split(/\s+/);

beforeAll(async () => installKind(server));

/** Short texts of the characters that make numbers, words and dates. */
const generated = fc
  .sample(
    fc.string({
      unit: fc.constantFrom(...'0123456789eEx.-+_obfainyYNtT~:'.split('')),
      minLength: 1,
      maxLength: 6,
    }),
    { numRuns: 3_000, seed: Number(process.env['SMPL_SEED'] ?? 20_261_128) },
  )
  // These are not plain scalars of a flow list, or no JSON number.
  .filter((text) => !/^[-:.]$|^[-:?]?:|:$|^---|^\.\.\.|^-:/.test(text))
  .filter((text) => !/\d[eE]\+?\d{3,}/.test(text));

test.each([
  ['words and numbers that are known to differ', scalars],
  ['generated texts', [...new Set(generated)]],
])('%s are read as kubectl reads them', async (_, all) => {
  const lines = all.filter((each) => !/^[-+]?\.(inf|nan)$/i.test(each));
  const text = `apiVersion: sagemaker.privatelink.dev/v1alpha1
kind: SageMakerPrivateLink
metadata: {name: ml}
spec:
  words:
${lines.map((scalar) => `    - [${scalar}]`).join('\n')}
`;
  const read = await kubectl(
    ['create', '--dry-run=client', '--validate=false', '-o', 'json', '-f', '-'],
    { kubeconfig: server.kubeconfig, input: text },
  );
  expect(read).toMatchObject({ exitCode: 0, stderr: '' });
  const theirs = (JSON.parse(read.stdout) as { spec: { words: unknown[] } }).spec.words;
  const ours = parseLinks(text, 'link.yaml')[0]?.object as { spec: { words: unknown[] } };
  const differing = lines.flatMap((scalar, index) => {
    const [our, their] = [ours.spec.words[index], theirs[index]];
    return isDeepStrictEqual(our, their) ? [] : [{ scalar, our, their }];
  });
  expect(differing).toEqual([]);
});
