import type { ClientContent } from '../client-object.ts';
import { canonicalText } from '../canonical-text.ts';
import { egressWords } from '../egress-words.ts';
import type { NetworkPolicySpec } from '../network-policy/network-policy.ts';

/**
 * The additions and losses of an object that replaces another, a line for each, such as
 * `+ 10.0.1.17/32, TCP 443`.
 */
export function contentDifferences(before: ClientContent, after: ClientContent): readonly string[] {
  const former = linesOf(before);
  const wanted = linesOf(after);
  return [
    ...wanted.filter((line) => !former.includes(line)).map((line) => `+ ${line}`),
    ...former.filter((line) => !wanted.includes(line)).map((line) => `- ${line}`),
  ];
}

function linesOf(content: ClientContent): readonly string[] {
  if (content.kind === 'NetworkPolicy') return policyLines(content.spec);
  return Object.entries(content.data).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
}

function policyLines({ podSelector, egress }: NetworkPolicySpec): readonly string[] {
  // A policy that somebody edited may have no list of destinations, which is all of them.
  const allowed = egress.map((rule) => {
    const { to = [] } = rule as Partial<typeof rule>;
    return { kind: 'Native', rule: { ...rule, to } } as const;
  });
  return [
    `podSelector ${canonicalText(podSelector)}`,
    ...egressWords({ podSelector, allowed }).flatMap(({ to, ports }) =>
      (to.length === 0 ? ['everything'] : to).map((destination) => `${destination}, ${ports}`),
    ),
  ];
}
