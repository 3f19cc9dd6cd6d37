import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ApiServerAccess } from '../../environment/api-server-access.ts';
import { eventually } from '../../environment/eventually.ts';
import { goModuleFolder } from '../../environment/go-program.ts';
import { type Crd, installCrd } from '../../environment/install-crd.ts';
import { judgeSources } from '../../environment/policy-judges.ts';

/**
 * The CRDs of the kinds of policies. Those that come in a Go module are the project's own files at
 * the version that go.mod pins. The others are written after the project's files, which each names.
 */
async function crdFiles(): Promise<readonly string[]> {
  const [networkPolicyApi, cilium] = await Promise.all([
    goModuleFolder(judgeSources.kubernetes, 'sigs.k8s.io/network-policy-api'),
    goModuleFolder(judgeSources.cilium, 'github.com/cilium/cilium'),
  ]);
  const own = join(import.meta.dirname, 'crds');
  return [
    join(
      networkPolicyApi,
      'config/crd/standard/policy.networking.k8s.io_clusternetworkpolicies.yaml',
    ),
    join(cilium, 'pkg/k8s/apis/cilium.io/client/crds/v2/ciliumclusterwidenetworkpolicies.yaml'),
    join(own, 'networking.k8s.aws_clusternetworkpolicies.yaml'),
    join(own, 'projectcalico.org_globalnetworkpolicies.yaml'),
    join(own, 'projectcalico.org_tiers.yaml'),
  ];
}

/** Installs every kind of policy and waits until the API server serves each version. */
export async function installPolicyKinds(server: ApiServerAccess): Promise<void> {
  await Promise.all((await policyCrds()).map((crd) => installCrd(server, crd)));
}

async function policyCrds(): Promise<readonly Crd[]> {
  const crds = (await crdFiles()).map((file) => parse(readFileSync(file, 'utf8')) as Crd);
  const calico = crds
    .filter(({ metadata }) => metadata.name === 'globalnetworkpolicies.projectcalico.org')
    .map(beforeTiers);
  return [...crds, ...calico];
}

/**
 * Installs the kinds of one group, such as `cilium.io`.
 * @param edit another version of the project's CRD, as text
 */
export async function installKindsOf(
  server: ApiServerAccess,
  group: string,
  edit: (crd: string) => string = (crd) => crd,
): Promise<void> {
  const crds = (await policyCrds()).filter(({ spec }) => spec.group === group);
  const edited = crds.map((crd) => JSON.parse(edit(JSON.stringify(crd))) as Crd);
  await Promise.all(edited.map((crd) => installCrd(server, crd)));
}

/** Uninstalls the kinds of one group, with every object of them. */
export async function removeKindsOf(server: ApiServerAccess, group: string): Promise<void> {
  const crds = (await policyCrds()).filter(({ spec }) => spec.group === group);
  for (const { metadata, spec } of crds) {
    await server.request({ method: 'DELETE', path: `${crdFolder}/${metadata.name}` });
    await eventually(async () => {
      const [version] = spec.versions;
      const path = `/apis/${group}/${version?.name}/${spec.names.plural}`;
      const { status } = await server.request({ path });
      if (status !== 404) throw new Error(`${metadata.name} is still served: ${status}`);
    });
  }
}

const crdFolder = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** Calico's own store, which serves the kind where its API server is not installed, before 3.29. */
function beforeTiers(crd: Crd): Crd {
  const text = JSON.stringify(crd)
    .replaceAll('projectcalico.org', 'crd.projectcalico.org')
    .replaceAll('"v3"', '"v1"')
    .replace('"tier":{"type":"string","default":"default"},', '');
  return JSON.parse(text) as Crd;
}
