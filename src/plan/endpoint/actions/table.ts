/** The table of the actions on endpoints: all that the machinery knows of them. */
import type { ActionTable } from '../../actions/action-table.ts';
import { meaningOf } from '../../aws-errors/error-table.ts';
import type { CloudError } from '../../cloud.ts';
import type { EndpointAction, EndpointResults } from '../actions.ts';
import {
  addressesTaken,
  endpointAtWork,
  endpointCreated,
  endpointDeleted,
  endpointModified,
} from './endpoint-changes.ts';
import {
  creationDetails,
  endpointBefore,
  fieldChanges,
  modificationFelt,
} from './endpoint-words.ts';
import { imaginedEndpoint } from './imagined-endpoint.ts';

const subject = () => 'EndpointsAvailable' as const;

/**
 * AWS takes no change of an endpoint while another is under way; and a change without an answer may
 * be under way.
 */
function isAtWork({ code, kind, text, message }: CloudError): boolean {
  if (kind === 'Unavailable') return true;
  const { reason } = meaningOf({ code, kind, text: text ?? message });
  return kind === 'InTransition' && reason === 'Progressing';
}

export const endpointActions: ActionTable<EndpointAction, EndpointResults> = {
  CreateVpcEndpoint: {
    subject,
    eventReason: 'EndpointCreated',
    resourceIds: () => [],
    about: ({ serviceName }) => serviceName,
    place: ({ vpcId }) => ({ vpcId }),
    changes: ({ subnetIds }, result) => [endpointCreated(result), ...addressesTaken(subnetIds)],
    createdId: ({ endpoint }) => endpoint.id,
    imagined: (action, imagination) => ({ endpoint: imaginedEndpoint(action, imagination) }),
    makesOrDeletes: true,
    text: (action) => ({
      sign: '+',
      title: `endpoint for ${action.serviceName}`,
      details: creationDetails(action),
    }),
  },
  ModifyVpcEndpoint: {
    subject,
    eventReason: 'EndpointModified',
    resourceIds: ({ endpointId }) => [endpointId],
    changes: (action) => [endpointModified(action), ...addressesTaken(action.addSubnetIds)],
    shows: ({ endpointId }, error) => (isAtWork(error) ? [endpointAtWork(endpointId)] : []),
    mayCloseEndpoints: true,
    before: (action, known) => endpointBefore(action, known.endpoint(action.endpointId)),
    interruption: modificationFelt,
    text: (action, before) => ({
      sign: '~',
      title: `endpoint ${action.endpointId}`,
      details: fieldChanges(action, before),
      ...(action.policy === undefined
        ? {}
        : { document: { before: before['policy'], after: action.policy } }),
    }),
  },
  DeleteVpcEndpoints: {
    subject,
    eventReason: 'EndpointsDeleted',
    resourceIds: ({ endpointIds }) => endpointIds,
    changes: ({ endpointIds }) => endpointIds.map(endpointDeleted),
    shows: (_action, { doneFor }) => doneFor.map(endpointDeleted),
    makesOrDeletes: true,
    mayCloseEndpoints: true,
    interruption: () =>
      'connections through these endpoints end, and their names stop to resolve to them',
    text: ({ endpointIds }) => ({
      sign: '-',
      title: `endpoints ${endpointIds.join(', ')}`,
      details: [],
    }),
  },
};
