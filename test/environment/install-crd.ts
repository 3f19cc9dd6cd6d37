import type { ApiServerAccess } from './api-server-access.ts';
import { eventually } from './eventually.ts';

/** The parts of a CustomResourceDefinition that an installation needs. */
export interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** Installs a kind and waits until the API server serves each of its versions. */
export async function installCrd(server: ApiServerAccess, crd: Crd): Promise<void> {
  const folder = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const applied = await server.request({
    method: 'PATCH',
    path: `${folder}/${crd.metadata.name}?fieldManager=test&force=true`,
    contentType: 'application/apply-patch+yaml',
    body: crd,
  });
  if (applied.status > 201) throw new Error(`CRD refused: ${JSON.stringify(applied.body)}`);
  const { group, names, versions } = crd.spec;
  for (const { name, served } of versions) {
    if (!served) continue;
    await eventually(async () => {
      const { status } = await server.request({ path: `/apis/${group}/${name}/${names.plural}` });
      if (status !== 200) throw new Error(`${crd.metadata.name} is not served: ${status}`);
      // Discovery knows of it a little later.
      const { body } = await server.request({ path: `/apis/${group}/${name}` });
      const { resources = [] } = body as { resources?: readonly { readonly name: string }[] };
      if (!resources.some((one) => one.name === names.plural)) {
        throw new Error(`discovery has no ${names.plural} of ${group}/${name}`);
      }
      const groups = await server.request({ path: '/apis' });
      if (!JSON.stringify(groups.body).includes(`"${group}/${name}"`)) {
        throw new Error(`discovery has no ${group}/${name}`);
      }
    });
  }
}
