/** Parts of a spec that mean something to the operator, where nobody sweeps and there is no cluster. */
import type { StandaloneLink } from './link-files.ts';

/** A word for a link from a file. */
export interface OperatorNote {
  readonly reason: 'DriftPolicy' | 'Clients';
  readonly message: string;
}

/** The parts of a spec that are for the operator, in words; none for a link of the cluster. */
export function operatorNotes({ spec, object }: StandaloneLink): readonly OperatorNote[] {
  if (object !== undefined) return [];
  const notes: OperatorNote[] = [];
  if (spec.driftPolicy === 'Report') notes.push(driftPolicy);
  if (spec.clients !== undefined) notes.push(clients);
  return notes;
}

/** `apply` runs once, because somebody says so, and puts right whatever differs. */
const driftPolicy: OperatorNote = {
  reason: 'DriftPolicy',
  message:
    'spec.driftPolicy: Report is for the operator. Without a cluster, apply puts right whatever differs, because you order it; plan shows that before.',
};

const clients: OperatorNote = {
  reason: 'Clients',
  message:
    'spec.clients is for the operator, which writes into namespaces. Without it nothing is written there; the command clients prints what namespaces would get.',
};
