import type { SageMakerPrivateLink } from '../../api/sagemaker-private-link.ts';
import type { ClientObjectKind } from './client-object.ts';
import type { ClientFinding } from './finding.ts';

/** One link's part in an object that several may share. */
export interface Part<T> {
  readonly link: string;
  readonly value: T;
}

/** The parts that agree as one value, and the links whose parts do not. */
export interface Merged<T> {
  readonly value: T;
  readonly links: readonly string[];
  readonly refused: readonly ClientFinding[];
}

/** Either both as one, or in words the matter on which they disagree. */
export type Merge<T> = (a: T, b: T) => { readonly value: T } | { readonly disagreement: string };

/** The older link first, then by name. A link from a file has no age and comes last. */
export function byAge(links: readonly SageMakerPrivateLink[]): readonly SageMakerPrivateLink[] {
  const age = ({ metadata }: SageMakerPrivateLink): string => metadata.creationTimestamp ?? '~';
  return [...links].sort((a, b) => {
    if (age(a) !== age(b)) return age(a) < age(b) ? -1 : 1;
    return a.metadata.name < b.metadata.name ? -1 : 1;
  });
}

/**
 * The parts by rank, the lowest first, and within a rank as they were: whoever is served is served
 * on, and the newcomer is told.
 */
export function byRank<T>(parts: readonly T[], rank: (part: T) => number): readonly T[] {
  return [...parts].sort((a, b) => rank(a) - rank(b));
}

/**
 * Joins parts in their order; one that does not agree with those before it is refused.
 * @returns undefined without parts
 */
export function mergeParts<T>(
  kind: ClientObjectKind,
  parts: readonly Part<T>[],
  merge: Merge<T>,
): Merged<T> | undefined {
  const [first, ...others] = parts;
  if (first === undefined) return undefined;
  let merged: Merged<T> = { value: first.value, links: [first.link], refused: [] };
  for (const { link, value } of others) {
    const result = merge(merged.value, value);
    if ('value' in result) {
      merged = { ...merged, value: result.value, links: [...merged.links, link] };
    } else {
      const finding = disagreementOf({ link, kind, others: merged.links, ...result });
      merged = { ...merged, refused: [...merged.refused, finding] };
    }
  }
  return merged;
}

function disagreementOf(input: {
  readonly link: string;
  readonly kind: ClientObjectKind;
  readonly others: readonly string[];
  readonly disagreement: string;
}): ClientFinding {
  const { link, kind, others, disagreement } = input;
  return {
    link,
    kind,
    reason: 'LinksDisagree',
    message: `The ${kind} follows ${others.join(' and ')}, from which ${link} differs in ${disagreement}; it follows whom it is there for already, and else the older link. Make them agree, or let their namespaceSelectors take different namespaces.`,
  };
}
