import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import type { Run } from './run.ts';

/** How all links of a run stand: each way once, in the order of the alphabet. */
export function endOf(run: Run): string {
  const ends = run.allLinks().map(endOfLink);
  return ends.length === 0 ? 'gone' : [...new Set(ends)].sort().join(', ');
}

function endOfLink({ status }: SageMakerPrivateLink): string {
  const find = (type: string) => status?.conditions?.find((one) => one.type === type);
  if (find('Stalled') !== undefined) return `stalled ${find('Stalled')?.reason}`;
  if (find('Ready')?.status === 'True') return 'ready';
  return find('Ready')?.reason === 'Suspended' ? 'suspended' : 'unfinished';
}
