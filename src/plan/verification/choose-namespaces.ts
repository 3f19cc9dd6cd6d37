import type { VerifySpec } from '../../api/sagemaker-private-link.ts';
import { selects } from '../clients/label-selector.ts';

/** A namespace that a link has as its client. */
export interface ClientNamespaceLabels {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Where a link is verified from. */
export interface ChosenNamespaces {
  /** In the order of their names. */
  readonly names: readonly string[];
  /** Namespaces that the spec takes, too, and that are over `maxNamespaces`. */
  readonly leftOut: number;
}

/**
 * The namespaces to verify from.
 * @param clients those that `spec.clients` selects, in any order: no pod runs anywhere else
 */
export function chooseNamespaces(
  { namespaces, namespaceSelector = {}, maxNamespaces }: VerifySpec,
  clients: readonly ClientNamespaceLabels[],
): ChosenNamespaces {
  const taken = clients
    .filter(({ name, labels }) =>
      namespaces === undefined ? selects(namespaceSelector, labels) : namespaces.includes(name),
    )
    .map(({ name }) => name)
    .sort();
  const names = taken.slice(0, maxNamespaces);
  return { names, leftOut: taken.length - names.length };
}
