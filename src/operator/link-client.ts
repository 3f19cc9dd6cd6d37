import { withDefaults } from '../api/link-defaults.ts';
import {
  group,
  plural,
  type SageMakerPrivateLink,
  version,
} from '../api/sagemaker-private-link.ts';
import type { ApiClient } from '../kubernetes/client/api-client.ts';
import type { ResourceType } from '../kubernetes/client/object.ts';
import type { ResourceClient } from '../kubernetes/client/resource-client.ts';

/** Where the API has links. */
export const linkType: ResourceType = { group, version, plural, namespaced: false };

/** The links of a cluster. A single link that is answered has every default, whatever CRD is installed. */
export function linkClient(client: ApiClient): ResourceClient<SageMakerPrivateLink> {
  const links = client.resource<SageMakerPrivateLink>(linkType);
  return {
    ...links,
    get: async (...given) => withDefaults(await links.get(...given)),
    replaceStatus: async (...given) => withDefaults(await links.replaceStatus(...given)),
    patch: async (...given) => withDefaults(await links.patch(...given)),
  };
}
