/** Rules of a group in plans for people. */
import type { Before } from '../../actions/action-table.ts';
import type { RuleSource, SecurityGroup, SecurityGroupRule } from '../../facts.ts';

export function sourceText(source: RuleSource): string {
  return Object.values(source).join('');
}

/** Those of a group's rules that have these ids. */
export function rulesOf(
  group: SecurityGroup | undefined,
  ruleIds: readonly string[],
): readonly SecurityGroupRule[] {
  return (group?.rules ?? []).filter(({ id }) => ruleIds.includes(id));
}

/** A line for each rule; its id where nobody knows what it says. */
export function ruleLines(ruleIds: readonly string[], before: Before): readonly string[] {
  const rules = (before['rules'] ?? []) as readonly SecurityGroupRule[];
  return ruleIds.map((id) => {
    const rule = rules.find((one) => one.id === id);
    if (rule === undefined) return id;
    const { protocol, fromPort, toPort, source } = rule;
    const ports = fromPort === toPort ? `${fromPort}` : `${fromPort}-${toPort}`;
    const traffic = protocol === '-1' ? 'all traffic' : `${protocol} ${ports}`;
    return `${traffic} from ${sourceText(source)} (${id})`;
  });
}
