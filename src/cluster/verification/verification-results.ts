/** The findings of pods about each link, kept in memory: every pass over a link makes it anew. */
import { isDeepStrictEqual } from 'node:util';
import type { VerificationMemory } from '../../plan/verification/verification-memory.ts';
import type { VerificationView } from '../../plan/verification/verification-view.ts';
import type { Metrics } from '../../telemetry/metrics.ts';

export interface VerificationResults {
  viewOf(link: string): VerificationView | undefined;
  memoryOf(link: string): VerificationMemory;
  note(
    link: string,
    result: { readonly view: VerificationView | undefined; readonly memory: VerificationMemory },
  ): void;
}

const nothing: VerificationMemory = new Map();

/**
 * Creates an empty memory.
 * @param onChange told of each link of which something else is seen
 * @param metrics counts the namespaces by state and reason
 */
export function createVerificationResults(
  onChange: (link: string) => void,
  { verifiedNamespaces }: Pick<Metrics, 'verifiedNamespaces'>,
): VerificationResults {
  const views = new Map<string, VerificationView>();
  const memories = new Map<string, VerificationMemory>();
  return {
    viewOf: (link) => views.get(link),
    memoryOf: (link) => memories.get(link) ?? nothing,
    note(link, { view, memory }) {
      if (memory.size === 0) memories.delete(link);
      else memories.set(link, memory);
      if (isDeepStrictEqual(views.get(link), view)) return;
      if (view === undefined) views.delete(link);
      else views.set(link, view);
      count(verifiedNamespaces, [...views.values()]);
      onChange(link);
    },
  };
}

function count(gauge: Metrics['verifiedNamespaces'], views: readonly VerificationView[]): void {
  gauge.reset();
  for (const view of views) {
    if (view.kind !== 'Known') continue;
    for (const { state, reason } of view.namespaces) gauge.inc({ state, reason });
  }
}
