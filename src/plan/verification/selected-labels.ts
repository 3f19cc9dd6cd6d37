import type { LabelSelector } from '../../api/sagemaker-private-link.ts';
import { requirementsOf, selects } from '../clients/label-selector.ts';

/** Values for a label whose selector demands no certain one. */
const anyValues = ['true', 'sagemaker-privatelink-verify'];

/**
 * The fewest labels with which a pod is selected; undefined for a selector that contradicts itself.
 */
export function labelsSelectedBy(
  selector: LabelSelector,
): Readonly<Record<string, string>> | undefined {
  const requirements = requirementsOf(selector);
  const demanded = requirements.filter(({ operator }) => ['In', 'Exists'].includes(operator));
  const keys = [...new Set(demanded.map(({ key }) => key))].sort();
  const labels = keys.flatMap((key): readonly [string, string][] => {
    const ofKey = { matchExpressions: requirements.filter((one) => one.key === key) };
    const named = ofKey.matchExpressions.flatMap(({ operator, values = [] }) =>
      operator === 'In' ? values : [],
    );
    const value = [...named, ...anyValues].find((one) => selects(ofKey, { [key]: one }));
    return value === undefined ? [] : [[key, value]];
  });
  const chosen = Object.fromEntries(labels);
  return selects(selector, chosen) ? chosen : undefined;
}
