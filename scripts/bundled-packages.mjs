/** The packages whose code is in a bundle, by the bundler's own account of it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Licences that ask no more than to be named where the code is passed on. */
const allowedLicences = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

/**
 * @param metafile esbuild's; its paths are relative to `root`
 * @returns name, version, licence, its text, and the contents of package.json, by name and version
 * @throws where a licence is not allowed, or has no text
 */
export function bundledPackages(metafile, root) {
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const folders = new Set(
    inputs
      .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
      .flatMap(([path]) => packageFolderOf(path) ?? []),
  );
  const packages = [...folders].map((folder) => readPackage(join(root, folder)));
  const problems = packages.flatMap((one) => problemOf(one, packages) ?? []);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return packages
    .map((one) => ({ ...one, text: textOf(one, packages) }))
    .sort((one, other) => one.id.localeCompare(other.id, 'en'));
}

function packageFolderOf(path) {
  const parts = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
  return parts?.[1];
}

function readPackage(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license: licence, repository } = manifest;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  const source = typeof repository === 'string' ? repository : repository?.url;
  return { id: `${name}@${version}`, name, version, licence, manifest, source, texts };
}

function problemOf(one, packages) {
  if (!allowedLicences.has(one.licence)) {
    return `${one.id} has the licence ${one.licence}: may it be shipped? Then add it to scripts/bundled-packages.mjs; else take another package.`;
  }
  if (textOf(one, packages) === undefined) {
    return `${one.id} has no licence text, nor has a package of its repository. Without it, it may not be shipped.`;
  }
  return undefined;
}

/** Some packages of a repository are published without its licence: it is in the others. */
function textOf(one, packages) {
  const sibling = packages.find(
    ({ licence, source, texts }) =>
      texts.length > 0 && licence === one.licence && source !== undefined && source === one.source,
  );
  const texts = one.texts.length > 0 ? one.texts : sibling?.texts;
  return texts?.join('\n\n');
}
