/** CEL of the kind and the guards: an older API server refuses a rule with a function that it lacks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { kubernetesVersions } from '../../environment/kubernetes-version.ts';

const root = join(import.meta.dirname, '../../..');
const oldest = Number(kubernetesVersions().at(-1)?.minor.split('.')[1]);

/**
 * The minor version of Kubernetes 1 from which on rules may use a function: one after the library's
 * own, so that the former version still reads what is stored. Libraries and their versions are in
 * https://github.com/kubernetes/kubernetes/blob/v1.32.13/staging/src/k8s.io/apiserver/pkg/cel/environment/base.go
 */
const usableFrom: Readonly<Record<string, string>> = {
  25: `all exists exists_one filter map has size duration string contains endsWith startsWith matches
    lowerAscii replace split trim`,
  31: `isIP ip family isCanonical isCIDR cidr containsIP containsCIDR prefixLength masked`,
  32: `format named`,
};

const files = [
  'crds/sagemakerprivatelinks.yaml',
  ...readdirSync(join(root, 'deploy/components'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => `deploy/components/${file}`),
];

/** Every CEL expression of a manifest, without its string literals. */
function expressionsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const isCel = ['rule', 'expression', 'messageExpression'].includes(key);
    return isCel && typeof child === 'string' ? [withoutLiterals(child)] : expressionsIn(child);
  });
}

function withoutLiterals(expression: string): string {
  return expression.replaceAll(/r?'(?:[^'\\]|\\.)*'|r?"(?:[^"\\]|\\.)*"/g, "''");
}

const expressions = files.flatMap((file) =>
  parseAllDocuments(readFileSync(join(root, file), 'utf8')).flatMap((document) =>
    expressionsIn(document.toJS()),
  ),
);

describe(`CEL on Kubernetes 1.${oldest}`, () => {
  test('there is plenty of it', () => {
    expect(expressions.length).toBeGreaterThan(50);
  });

  test('every function is there', () => {
    const known = Object.entries(usableFrom).flatMap(([minor, functions]) =>
      Number(minor) <= oldest ? functions.split(/\s+/) : [],
    );
    const used = expressions.flatMap((expression) =>
      [...expression.matchAll(/\b(\w+)\(/g)].flatMap(([, name]) =>
        name === undefined ? [] : [name],
      ),
    );
    expect([...new Set(used)].filter((name) => !known.includes(name))).toEqual([]);
  });

  test('no comprehension has two variables, which came later', () => {
    const twoVariables = /\.(?:all|exists|exists_one|existsOne|transform\w+)\(\s*\w+\s*,\s*\w+\s*,/;
    expect(expressions.filter((expression) => twoVariables.test(expression))).toEqual([]);
  });
});
