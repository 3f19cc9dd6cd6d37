import type { EndpointAction, EndpointResults } from '../../plan/endpoint/actions.ts';
import { modification } from '../../plan/endpoint/actions/endpoint-changes.ts';
import { sentBy, type WriteTable } from '../write-table.ts';
import { createVpcEndpoint, modifyVpcEndpoint } from './write-endpoints.ts';

/** How the actions on endpoints are sent. */
export const endpointWrites: WriteTable<EndpointAction, EndpointResults> = {
  CreateVpcEndpoint: { send: createVpcEndpoint },
  ModifyVpcEndpoint: {
    ...sentBy(modifyVpcEndpoint),
    // A later modification has the last word, so the one before may never be seen by itself.
    overtakes: ({ endpointId }, { id, aspect }) => id === endpointId && aspect === modification,
  },
  DeleteVpcEndpoints: {
    ...sentBy(({ endpointIds }, { endpointDeletions, options }) =>
      endpointDeletions.delete(endpointIds, options),
    ),
    // Of several endpoints AWS deletes those that it can.
    isOfSeveral: ({ endpointIds }) => endpointIds.length > 1,
  },
};
