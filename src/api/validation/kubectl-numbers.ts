import type { ScalarTag } from 'yaml';

/**
 * Numbers as kubectl reads them, which is neither YAML 1.1 nor 1.2: `e1` is text, `08` is 8, `0o17`
 * is 15, `1_000` is 1000. Source: `resolve` of sigs.k8s.io/yaml's YAML package; held against kubectl
 * by `test/kubernetes/kind/yaml.test.ts`.
 */
const integer: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^(?=[-+0-9])[-+]?_*(?:0_*[xX]_*[0-9a-fA-F][0-9a-fA-F_]*|0_*[bB]_*[01][01_]*|0_*(?:[oO]_*)?[0-7][0-7_]*|0_*|[1-9][0-9_]*)$/,
  resolve: (text) => {
    const plain = text.replaceAll('_', '');
    const digits = plain.replace(/^[-+]/, '');
    const value = Number(/^0[0-7]+$/.test(digits) ? `0o${digits}` : digits);
    // The integer -0 is 0.
    return plain.startsWith('-') && value !== 0 ? -value : value;
  },
};

const float: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^(?=[-+0-9])[-+]?_*(?:\._*[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE]_*[-+]?_*[0-9][0-9_]*)?$/,
  resolve: (text) => Number(text.replaceAll('_', '')),
};

/** A number that begins with its point has no underscores. */
const fraction: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  test: /^\.[0-9]+(?:[eE][-+]?[0-9]+)?$/,
  resolve: Number,
};

/** In the order in which they are tried. */
export const kubectlNumbers: readonly ScalarTag[] = [integer, float, fraction];
