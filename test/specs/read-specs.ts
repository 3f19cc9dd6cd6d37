import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the corpus: one link that is right, or that breaks one rule. */
export interface SpecFile {
  readonly name: string;
  readonly text: string;
  /** What an error must contain, from the `# expect:` comments; empty for valid ones. */
  readonly expected: readonly string[];
}

/** The corpus that every way of reading a link has to agree on. */
export function readSpecs(folder: 'valid' | 'invalid'): readonly SpecFile[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path)
    .sort()
    .map((file) => {
      const text = readFileSync(join(path, file), 'utf8');
      const expected = [...text.matchAll(/^# expect: (.*)$/gm)].map((match) => match[1] ?? '');
      return { name: file.replace('.yaml', ''), text, expected };
    });
}
