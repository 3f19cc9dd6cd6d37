import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

const root = path.resolve(import.meta.dirname, '..');

/** Every kind in crds/: its file, its names, and the schema of its one version. */
export function readKinds() {
  const files = readdirSync(path.join(root, 'crds')).filter((file) => file.endsWith('.yaml'));
  return files.toSorted().flatMap((name) => {
    const file = `crds/${name}`;
    const crd = parse(readFileSync(path.join(root, file), 'utf8'));
    if (crd.kind !== 'CustomResourceDefinition') return [];
    const [version, ...others] = crd.spec.versions;
    if (others.length > 0) throw new Error(`${file} has more than one version`);
    const { kind } = crd.spec.names;
    return [
      {
        file,
        kind,
        /** `sagemaker-private-link`: in the names of what is generated. */
        slug: slugOf(kind),
        apiVersion: `${crd.spec.group}/${version.name}`,
        schema: version.schema.openAPIV3Schema,
      },
    ];
  });
}

/** Kebab case; the service's name is one word. */
function slugOf(kind) {
  return kind
    .replace('SageMaker', 'Sagemaker')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
