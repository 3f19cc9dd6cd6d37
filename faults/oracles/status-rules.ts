import type { SageMakerPrivateLink } from '../../src/api/sagemaker-private-link.ts';
import { fluxViolations } from '../../test/status/flux-conformance.ts';
import { kstatusOf } from '../../test/status/kstatus.ts';
import { statusViolations } from '../../test/status/status-schema.ts';

/** Mistakes in the form of a status that was written, by the rules of its readers. */
export function statusMistakes(link: SageMakerPrivateLink): readonly string[] {
  const { metadata, status } = link;
  const conditions = status?.conditions ?? [];
  const find = (type: string) => conditions.find((one) => one.type === type);
  const deleting = metadata.deletionTimestamp !== undefined;
  const suspended = find('Ready')?.reason === 'Suspended';
  const kstatus = kstatusOf(link);
  return [
    // The API server of the harness keeps what a real one would drop.
    ...statusViolations(status).filter((one) => !one.endsWith('unknown field')),
    ...fluxViolations(link),
    ...(kstatus === expectedKstatus(link, deleting) ? [] : [`kstatus says ${kstatus}`]),
    ...(deleting && find('Ready')?.status === 'True' ? ['Ready is True while deleting'] : []),
    ...(find('Ready')?.status === 'Unknown' && !suspended ? ['Ready is Unknown after a pass'] : []),
    ...(new Set(conditions.map(({ type }) => type)).size === conditions.length
      ? []
      : ['a condition is there twice']),
    ...conditions.flatMap(({ reason, message, type }) =>
      /^[A-Z][A-Za-z]+$/.test(reason) && message !== '' && !message.includes('undefined')
        ? []
        : [`${type} has reason ${reason} and message ${JSON.stringify(message)}`],
    ),
  ];
}

function expectedKstatus({ status }: SageMakerPrivateLink, deleting: boolean): string {
  if (deleting) return 'Terminating';
  const find = (type: string) => status?.conditions?.find((one) => one.type === type);
  if (find('Ready')?.status === 'True') return 'Current';
  return find('Stalled') === undefined ? 'InProgress' : 'Failed';
}
