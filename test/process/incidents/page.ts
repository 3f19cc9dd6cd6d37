/** docs/troubleshooting.md as a reader uses it: from the words of `kubectl describe` to a section. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  anchorOf,
  sectionsOf,
  type TroubleshootingSection,
} from '../../../scripts/troubleshooting-sections.mjs';

const text = readFileSync(join(import.meta.dirname, '../../../docs/troubleshooting.md'), 'utf8');

export const sections = sectionsOf(text);

/** The block at the top of the page. */
export const preface = /^```sh\n(.*?)^```$/ms.exec(text)?.[1] ?? '';

/** The section that the page's table names for a reason. */
export function sectionFor(reason: string): TroubleshootingSection {
  const row = new RegExp(`^\\| \`${reason}\` \\| \\[.*\\]\\(#(.*)\\) \\|$`, 'm').exec(text);
  const section = sections.find(({ heading }) => anchorOf(heading) === row?.[1]);
  if (section === undefined) throw new Error(`the page leads from ${reason} to no section`);
  return section;
}

/** What `kubectl describe` prints of a condition. */
export interface Described {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** The condition Ready in the output of `kubectl describe smpl NAME`. */
export function readyIn(output: string): Described {
  const conditions = output.split('Last Transition Time:').slice(1);
  const ready = conditions.find((lines) => /^ *Type: +Ready$/m.test(lines)) ?? '';
  const field = (name: string): string =>
    new RegExp(`^ *${name}: +(.*)$`, 'm').exec(ready)?.[1] ?? '';
  return { status: field('Status'), reason: field('Reason'), message: field('Message') };
}

/** The ids that a message names first, by the page's names for them. */
export function idsIn(message: string): Record<string, string> {
  const patterns = {
    ENDPOINT_ID: /vpce-[0-9a-f]+/,
    SUBNET_ID: /subnet-[0-9a-f]+/,
    GROUP_ID: /sg-[0-9a-f]+/,
    INTERFACE_ID: /eni-[0-9a-f]+/,
    POLICY_ARN: /arn:[\w-]+:iam::\d+:policy\/\S+/,
  };
  return Object.fromEntries(
    Object.entries(patterns).flatMap(([name, pattern]) => {
      const id = pattern.exec(message)?.[0];
      return id === undefined ? [] : [[name, id]];
    }),
  );
}
