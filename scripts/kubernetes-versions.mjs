import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '../tools/kube-apiserver/versions.json');

/** The versions of Kubernetes that the operator is tested on, newest first, as `{ minor, version }`. */
export const kubernetesVersions = JSON.parse(readFileSync(file, 'utf8'));
