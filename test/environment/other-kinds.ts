import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { ApiServerAccess } from './api-server-access.ts';
import { goModuleFolder } from './go-program.ts';
import { type Crd, installCrd } from './install-crd.ts';

const sources = join(import.meta.dirname, '../../tools/other-kinds');

/** Files of each project's own repository, at the version that tools/other-kinds pins. */
const projects = {
  prometheus: {
    'github.com/prometheus-operator/prometheus-operator': [
      'example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml',
      'example/prometheus-operator-crd/monitoring.coreos.com_prometheusrules.yaml',
    ],
  },
  argo: {
    'github.com/argoproj/argo-cd/v3': [
      'manifests/crds/application-crd.yaml',
      'manifests/crds/applicationset-crd.yaml',
    ],
  },
  flux: {
    'github.com/fluxcd/helm-controller': [
      'config/crd/bases/helm.toolkit.fluxcd.io_helmreleases.yaml',
    ],
    'github.com/fluxcd/kustomize-controller': [
      'config/crd/bases/kustomize.toolkit.fluxcd.io_kustomizations.yaml',
    ],
    'github.com/fluxcd/source-controller': [
      'config/crd/bases/source.toolkit.fluxcd.io_gitrepositories.yaml',
      'config/crd/bases/source.toolkit.fluxcd.io_ocirepositories.yaml',
    ],
  },
} as const;

/** Installs the kinds of another project, whose objects this one ships, and waits until they are served. */
export async function installKindsOf(
  server: ApiServerAccess,
  project: keyof typeof projects,
): Promise<void> {
  for (const [module, files] of Object.entries(projects[project])) {
    const folder = await goModuleFolder(sources, module);
    for (const file of files as readonly string[]) {
      await installCrd(server, parse(await readFile(join(folder, file), 'utf8')) as Crd);
    }
  }
}
