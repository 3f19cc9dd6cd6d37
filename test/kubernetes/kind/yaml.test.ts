import { beforeAll, expect, test } from '@jest/globals';
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

test('plain words and numbers are read as kubectl reads them', async () => {
  const lines = scalars.filter((each) => !/^\.(inf|nan)$/.test(each));
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
  const named = (words: readonly unknown[]) => words.map((word, index) => [lines[index], word]);
  expect(named(ours.spec.words)).toEqual(named(theirs));
});
