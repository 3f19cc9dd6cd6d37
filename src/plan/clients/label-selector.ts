import type { LabelSelector } from '../../api/sagemaker-private-link.ts';
import { canonicalText, sortedDistinct } from './canonical-text.ts';

type Labels = Readonly<Record<string, string>>;
type Requirement = NonNullable<LabelSelector['matchExpressions']>[number];

/**
 * Whether a selector takes something with these labels, as Kubernetes decides it: every requirement
 * must hold, an empty selector takes everything, and NotIn holds where the label is absent.
 */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  const { matchLabels = {}, matchExpressions = [] } = selector;
  return (
    Object.entries(matchLabels).every(([key, value]) => valueOf(labels, key) === value) &&
    matchExpressions.every((requirement) => holds(requirement, labels))
  );
}

function holds({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = valueOf(labels, key);
  switch (operator) {
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
  }
}

function valueOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** The requirements of a selector, `matchLabels` among them, sorted and each once; none for {}. */
export function requirementsOf(selector: LabelSelector): readonly Requirement[] {
  const labels = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  );
  return sortedDistinct([...labels, ...(selector.matchExpressions ?? [])]);
}

/** True for selectors that say the same, in whatever order and of the two forms that there are. */
export function sameSelector(a: LabelSelector, b: LabelSelector): boolean {
  return canonicalText(normalRequirements(a)) === canonicalText(normalRequirements(b));
}

function normalRequirements(selector: LabelSelector): readonly Requirement[] {
  const requirements = requirementsOf(selector).map(({ key, operator, values = [] }) => {
    return { key, operator, values: sortedDistinct(values) };
  });
  return sortedDistinct(requirements);
}

/**
 * The selector as the API server gives it back: it drops lists and maps that are empty, and a
 * difference from what was written would be written again for ever.
 */
export function storedSelector({ matchLabels, matchExpressions }: LabelSelector): LabelSelector {
  const hasLabels = matchLabels !== undefined && Object.keys(matchLabels).length > 0;
  const hasExpressions = matchExpressions !== undefined && matchExpressions.length > 0;
  return {
    ...(hasLabels ? { matchLabels } : {}),
    ...(hasExpressions ? { matchExpressions: matchExpressions.map(storedRequirement) } : {}),
  };
}

function storedRequirement({ key, operator, values = [] }: Requirement): Requirement {
  return { key, operator, ...(values.length > 0 ? { values } : {}) };
}
