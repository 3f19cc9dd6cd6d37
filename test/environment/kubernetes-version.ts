import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Has one folder with a Go module for each version, and the list of them. */
const VERSIONS_FOLDER = join(import.meta.dirname, '../../tools/kube-apiserver');

/** A version of Kubernetes that the operator is tested on. */
export interface KubernetesVersion {
  /** Such as `1.34`; the name of the folder of its Go module as well. */
  readonly minor: string;
  /** The release that is built, such as `v1.34.4`; its module pins the same. */
  readonly version: string;
  /** The newest published archive of that minor version, with etcd, kube-apiserver and kubectl. */
  readonly archive?: {
    readonly version: string;
    /** By platform in Go's words, such as `linux-amd64`. */
    readonly sha256: Readonly<Record<string, string>>;
  };
}

/** Every version that the operator is tested on, newest first: `tools/kube-apiserver/versions.json`. */
export function kubernetesVersions(): readonly KubernetesVersion[] {
  return JSON.parse(
    readFileSync(join(VERSIONS_FOLDER, 'versions.json'), 'utf8'),
  ) as readonly KubernetesVersion[];
}

/**
 * The version that this run tests on: the one that `SMPL_KUBERNETES_VERSION` names by its minor
 * version, else the newest. Throws with the names there are when it names none.
 */
export function kubernetesVersion(
  wanted = process.env['SMPL_KUBERNETES_VERSION'],
): KubernetesVersion {
  const versions = kubernetesVersions();
  const found = wanted ? versions.find(({ minor }) => minor === wanted) : versions[0];
  if (found) return found;
  const known = versions.map(({ minor }) => minor).join(', ');
  throw new Error(
    `SMPL_KUBERNETES_VERSION=${wanted} is none of the versions in tools/kube-apiserver/versions.json. ` +
      `Set it to one of ${known}.`,
  );
}

/** The folder of the Go module that builds this version. */
export function kubernetesModuleFolder({ minor }: KubernetesVersion): string {
  return join(VERSIONS_FOLDER, minor);
}
