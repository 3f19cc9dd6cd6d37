/**
 * Writes the parts of deploy/chart that are the same as in the kustomize base and components: templates of
 * manifests without values of their own, copies of the CRDs, the versions, and the page of the values. With
 * --check it writes nothing and exits 1 when one is out of date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parse } from 'yaml';
import { describeValues } from './chart-values.mjs';
import { dashboardText } from './dashboard.mjs';
import { replacePart } from './generated-part.mjs';
import { kubernetesVersions } from './kubernetes-versions.mjs';

const root = resolve(import.meta.dirname, '..');
const chart = 'deploy/chart';
const page = 'docs/chart-values.md';
const isCheck = process.argv.includes('--check');

/** The value that the manifests of a component depend on. */
const valueOfComponent = {
  clients: 'clients.enabled',
  'creation-guard': 'creationGuard.enabled',
  verify: 'verify.enabled',
};

/** The release's namespace is made before the release, and the CRDs have a template of their own. */
const notTemplates = ['namespace.yaml', '../../crds'];

/**
 * Manifests that become templates: those of the base without a template written by hand, and those of
 * components.
 */
function sharedManifests() {
  const base = resourcesOf('deploy/base')
    .filter((name) => !notTemplates.includes(name))
    .filter((name) => !existsSync(join(root, chart, 'templates', name)))
    .map((name) => ({ source: `deploy/base/${name}`, name }));
  const components = Object.entries(valueOfComponent).flatMap(([component, value]) =>
    resourcesOf(`deploy/components/${component}`).map((name) => ({
      source: `deploy/components/${component}/${name}`,
      name: `${component}-${name}`,
      value,
    })),
  );
  return [...base, ...components];
}

function resourcesOf(folder) {
  return parse(read(`${folder}/kustomization.yaml`)).resources ?? [];
}

const generatedFolders = ['templates/generated', 'files/crds', 'files/monitoring'];

/** Everything that is generated, by path. */
function wantedFiles() {
  const wanted = new Map();
  for (const { source, name, value } of sharedManifests()) {
    wanted.set(`${chart}/templates/generated/${name}`, templateOf(source, value));
  }
  for (const file of readdirSync(join(root, 'crds')).toSorted()) {
    const text = read(`crds/${file}`);
    if (!text.includes('kind: CustomResourceDefinition')) continue;
    wanted.set(`${chart}/files/crds/${file}`, text);
  }
  // As it is: Helm's braces in them are somebody else's.
  const rule = read('deploy/components/monitoring/prometheus-rule.yaml');
  wanted.set(`${chart}/files/monitoring/prometheus-rule.yaml`, rule);
  wanted.set(`${chart}/files/monitoring/dashboard.json`, dashboardText);
  const { version } = JSON.parse(read('package.json'));
  const about = read(`${chart}/Chart.yaml`);
  const oldest = kubernetesVersions.at(-1).minor;
  wanted.set(
    `${chart}/Chart.yaml`,
    about
      .replace(/^(version|appVersion): .*$/gm, (_, name) => `${name}: ${version}`)
      // The suffix lets in what clouds add to the version, such as -eks-1234567.
      .replace(/^kubeVersion: .*$/m, `kubeVersion: ">=${oldest}.0-0"`),
  );
  const table = describeValues(read(`${chart}/values.yaml`));
  wanted.set(page, replacePart(read(page), 'values', table, page));
  return wanted;
}

/** A manifest as a template: in the release's namespace, with the chart's labels. */
function templateOf(source, value) {
  const text = read(source);
  if (text.includes('{{')) throw new Error(`${source} has braces that Helm would take for its own`);
  const body = text
    .replaceAll('sagemaker-privatelink-system', '{{ .Release.Namespace }}')
    .replaceAll(
      /^( +)labels:\n +app\.kubernetes\.io\/name: sagemaker-privatelink-operator\n/gm,
      (_, indent) =>
        `${indent}labels:\n${indent}  {{- include "operator.labels" . | nindent ${indent.length + 2} }}\n`,
    );
  const head = `{{- /* Generated from ${source} by npm run generate. */}}\n`;
  return value === undefined
    ? `${head}${body}`
    : `${head}{{- if .Values.${value} }}\n${body}{{- end }}\n`;
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

const wanted = wantedFiles();
const present = generatedFolders.flatMap((folder) => {
  const path = join(root, chart, folder);
  return existsSync(path) ? readdirSync(path).map((file) => `${chart}/${folder}/${file}`) : [];
});
const stale = present.filter((path) => !wanted.has(path));
const changed = [...wanted].filter(
  ([path, text]) => !existsSync(join(root, path)) || read(path) !== text,
);
if (isCheck) {
  for (const path of [...stale, ...changed.map(([path]) => path)]) {
    console.error(`${path} is out of date: npm run generate`);
  }
  process.exit(stale.length + changed.length > 0 ? 1 : 0);
}
for (const path of stale) rmSync(join(root, path));
for (const [path, text] of changed) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}
