import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { differenceWords } from '../../../../src/plan/endpoint/difference-words.ts';

test.each([
  ['privateDNS', 'true', 'false', 'privateDNS is false, the spec says true'],
  ['endpoint', 'present', 'missing', 'endpoint is missing'],
  ['ingress 0.0.0.0/0', 'absent', 'tcp 22', 'ingress 0.0.0.0/0 is tcp 22, the spec has none'],
  [
    'ingress 10.0.0.0/8',
    'tcp 443',
    'missing',
    'ingress 10.0.0.0/8 is missing, the spec says tcp 443',
  ],
  [
    'policy',
    'the policy of the spec',
    'another policy',
    'policy is another policy, not the policy of the spec',
  ],
  ['tag team', 'ml', '', 'tag team is empty, the spec says ml'],
  [
    'tag sagemaker.privatelink.dev/uid',
    'u1',
    'missing',
    'tag sagemaker.privatelink.dev/uid is missing, the operator set u1',
  ],
])('%s as %s and found as %s: which is which is told', (field, desired, actual, words) => {
  expect(differenceWords({ field, desired, actual })).toBe(words);
});

test('nothing else puts the two sides of a difference into words', () => {
  const root = join(import.meta.dirname, '../../../../src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' });
  const others = files.filter((file) => {
    if (!file.endsWith('.ts')) return false;
    return readFileSync(join(root, file), 'utf8').includes('should be ${');
  });
  expect(others).toEqual([]);
});
