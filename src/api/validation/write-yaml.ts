/** YAML for whoever reads it as kubectl does; the counterpart of `parseLinks`. */
import { type ScalarTag, stringify } from 'yaml';
import { kubectlNumbers } from './kubectl-numbers.ts';

const mergeTag = 'tag:yaml.org,2002:merge';

/** A key that is the text `<<` would be read as one that merges maps. */
const mergeKey: ScalarTag = { tag: mergeTag, default: true, test: /^<<$/, resolve: (text) => text };

/**
 * One document, without anchors and with every line as long as it is.
 *
 * Text is quoted wherever kubectl or another reader of YAML could take it for something else: YAML 1.1
 * knows `yes`, dates and numbers to the base 60, YAML 1.2 `0o17`, and kubectl numbers of its own.
 *
 * @param value plain data, as JSON has it
 */
export function writeYaml(value: unknown): string {
  return stringify(value, {
    version: '1.1',
    compat: 'core',
    // The package's own tag for `<<` writes such a key as it is.
    merge: false,
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === 'string' || tag.tag !== mergeTag),
      mergeKey,
      ...kubectlNumbers,
    ],
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}
