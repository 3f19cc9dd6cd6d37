/** The meaning of `spec.driftPolicy` where nobody sweeps. */
import type { StandaloneLink } from './link-files.ts';

/**
 * A word for a link from a file whose `driftPolicy` says that drift is only reported. The policy is
 * for the operator, which sweeps by itself; `apply` runs once, because somebody says so, and puts
 * right whatever differs. Undefined where there is nothing to say.
 */
export function driftPolicyNote({ spec, object }: StandaloneLink): string | undefined {
  if (object !== undefined || spec.driftPolicy !== 'Report') return undefined;
  return 'spec.driftPolicy: Report is for the operator. Without a cluster, apply puts right whatever differs, because you order it; plan shows that before.';
}
