/** The limits in a VPC that is not certainly the one that the spec means. */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import { rowOf, subjectsOf } from '../actions/action-catalogue.ts';
import type { SecurityGroup } from '../facts.ts';
import type { Wait } from '../findings.ts';
import { endpointPort } from './ingress-rules.ts';
import type { Stage } from '../stage.ts';

/**
 * The stage with nothing made or deleted: those actions wait until it is known where.
 * @param groupIsCertain false where nobody can tell whether the group is as the spec says
 */
export function withoutMaking(part: Stage, groupIsCertain: boolean): Stage {
  const held = part.actions.filter((one) => rowOf(one).makesOrDeletes === true);
  const subjects = held.flatMap(subjectsOf);
  if (!groupIsCertain) subjects.push('SecurityGroupReady');
  const waits = [...new Set(subjects)].map(
    (subject): Wait => ({
      subject,
      reason: 'Progressing',
      message:
        'Nothing is made or deleted until it is known which VPC is meant (see NetworkResolved).',
      awaits: ['NetworkResolved'],
    }),
  );
  return {
    ...part,
    actions: part.actions.filter((one) => !held.includes(one)),
    waits: [...part.waits, ...waits],
  };
}

/**
 * The spec where the VPC's blocks are not known. They are what the group admits by default: without
 * them nobody can tell which sources are too many, so all that it admits to the endpoints stay.
 * Clients of another group or of a prefix list may have no other way in while a block is missing.
 *
 * @param group the managed group, if there is one
 */
export function withBlocksAsTheyAre(
  spec: SageMakerPrivateLinkSpec,
  group: SecurityGroup | undefined,
): SageMakerPrivateLinkSpec {
  if (spec.securityGroup !== undefined) return spec;
  const ingress = (group?.rules ?? []).flatMap(({ source, description, ...rule }) => {
    const { isEgress, protocol, fromPort, toPort } = rule;
    const isEndpointPort = fromPort === endpointPort && toPort === endpointPort;
    if (isEgress || protocol !== 'tcp' || !isEndpointPort) return [];
    return [{ ...source, ...(description === undefined ? {} : { description }) }];
  });
  return { ...spec, securityGroup: { ingress } };
}
