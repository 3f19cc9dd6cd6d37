import { canonicalText, digestOf } from '../canonical-text.ts';

/**
 * The beginning of the names of a link's cluster-scoped objects. It has no dot, because Calico takes
 * what is before one for a tier; the digits keep apart the links a.b and a-b.
 */
export function policyNamePrefix(link: string): string {
  return `sagemaker-privatelink-${link.replaceAll('.', '-')}-${digest(link)}`;
}

/** True for the name of an object of the link, in whatever flavour. */
export function isPolicyOf(name: string, link: string): boolean {
  // In Calico's own store it has the default tier before it.
  return name.replace(/^default\./, '').startsWith(policyNamePrefix(link));
}

/** Eight hexadecimal digits that follow from the value alone. */
export function digest(value: unknown): string {
  return digestOf(canonicalText(value), 8);
}
