/**
 * Bundles the program and everything it needs into dist/sagemaker-privatelink.mjs and the parts in
 * dist/parts, and writes the licences of the packages in it and its bill of materials beside it.
 *
 * Each command loads the parts that it needs: V8 reads a file as a whole, and what it takes for that
 * stays with the process. As one file the operator began with 108 MiB of memory instead of 36.
 *
 * `--single` makes one file all the same, to be passed on. Other files with --entry <file> and
 * --outfile <file>.
 */
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { decode, encode } from '@jridgewell/sourcemap-codec';
import { build } from 'esbuild';
import { billOfMaterials } from './bill-of-materials.mjs';
import { bundledPackages } from './bundled-packages.mjs';
import { thirdPartyNotices } from './third-party-notices.mjs';

const root = resolve(import.meta.dirname, '..');

const { values } = parseArgs({
  options: {
    entry: { type: 'string', default: resolve(root, 'src/main.ts') },
    outfile: { type: 'string', default: resolve(root, 'dist/sagemaker-privatelink.mjs') },
    single: { type: 'boolean', default: false },
  },
});
const folder = dirname(values.outfile);
const parts = resolve(folder, 'parts');

/**
 * Each AWS client keeps the shapes of all its operations in one file of arrays that no bundler can
 * prove to be free of side effects: 500 KiB and 30 MB of memory for EC2 alone. Here they are
 * marked as free of them, so that only the shapes of the operations in use stay. Lists and maps are not
 * exported; each leads to the structures in it, and one that stays keeps them all.
 */
const pureSchemas = {
  name: 'pure-schemas',
  setup({ onLoad }) {
    onLoad({ filter: /@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/ }, async (args) => {
      const source = await readFile(args.path, 'utf8');
      const contents = source.replace(
        /^(export )?var ([\w$]+) = (\[[\s\S]*?\]);$/gm,
        '$1var $2 = /* @__PURE__ */ (() => $3)();',
      );
      if (contents === source) throw new Error(`${args.path}: found no schema to mark`);
      return { contents, loader: 'js' };
    });
  },
};

/**
 * The Kubernetes client's configuration loader imports them for methods that are not used here, by these
 * names: all generated APIs and models (1 MB), another client of HTTP, and ways through proxies.
 */
const unusedParts = {
  './gen/index.js': ['createConfiguration', 'ServerConfiguration'],
  undici: ['Agent', 'ProxyAgent'],
  hpagent: ['HttpProxyAgent', 'HttpsProxyAgent'],
  socks: ['SocksClient'],
  'socks-proxy-agent': ['SocksProxyAgent'],
};

/** Providers of credentials that kubectl has no more: kube-config-user.ts refuses their users. */
const formerProviders = {
  './azure_auth.js': 'AzureAuth',
  './gcp_auth.js': 'GoogleCloudPlatformAuth',
};

/** Puts stand-ins in the place of both, which say so, should one be called. */
const onlyUsedConfiguration = {
  name: 'only-used-configuration',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /.*/ }, ({ path, importer }) =>
      importer.endsWith('/@kubernetes/client-node/dist/config.js') &&
      (path in unusedParts || path in formerProviders)
        ? { path, namespace: 'left-out' }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents:
        path in formerProviders
          ? `export class ${formerProviders[path]} { isAuthProvider() { return false; } }`
          : unusedParts[path].map((name) => standIn(path, name)).join('\n'),
    }));
  },
};

function standIn(path, name) {
  const problem = `${name} of ${path} is left out of the bundle: see scripts/build.mjs`;
  return `export function ${name}() { throw new Error(${JSON.stringify(problem)}); }`;
}

/**
 * An import of node:http has Node look at all that the module has, and what is there for browsers' sake
 * (WebSocket) makes it load its client of the web: 3 MiB and 30 ms. With require it does not look.
 */
const httpWithoutTheWeb = {
  name: 'http-without-the-web',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(node:)?http$/ }, ({ namespace }) =>
      namespace === 'required' ? undefined : { path: 'node:http', namespace: 'required' },
    );
    onLoad({ filter: /.*/, namespace: 'required' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

/** Some of the bundled packages are CommonJS and expect these. */
const banner = `#!/usr/bin/env node
import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url);
const __filename = import.meta.filename;
const __dirname = import.meta.dirname;`;

const result = await build({
  entryPoints: [{ in: values.entry, out: basename(values.outfile, '.mjs') }],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'parts/[name]-[hash]',
  splitting: !values.single,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  // third-party-notices.txt has them all, and the packages that have no such comment.
  legalComments: 'none',
  banner: { js: banner },
  plugins: [pureSchemas, onlyUsedConfiguration, httpWithoutTheWeb],
  metafile: true,
  write: false,
  absWorkingDir: root,
  logLevel: 'warning',
});

const generated = Object.keys(result.metafile.inputs).filter((path) =>
  /@kubernetes\/client-node\/dist\/gen\/(apis|models)\//.test(path),
);
if (generated.length > 0) {
  console.error(
    `build: ${generated.length} generated Kubernetes APIs are in the bundle. Import only ` +
      "'@kubernetes/client-node/dist/config.js', never the package's index.",
  );
  process.exit(1);
}
await describePackages();
// The program goes last: it names the parts.
const isProgram = ({ path }) => Number(path === values.outfile);
const outputs = result.outputFiles.toSorted((one, other) => isProgram(one) - isProgram(other));
for (const { path, contents, text } of outputs) {
  await put(path, path.endsWith('.map') ? forStacks(text) : contents);
}
await chmod(values.outfile, 0o755);
await removeFormerParts();
const size = outputs
  .filter(({ path }) => path.endsWith('.mjs'))
  .reduce((sum, { contents }) => sum + contents.length, 0);
console.log(`${relative(process.cwd(), values.outfile)}: ${Math.round(size / 1024)} KiB`);

/**
 * Writes a file at once, and none that is so already: a program that runs meanwhile loads the parts that
 * it needs as it goes.
 */
async function put(path, contents) {
  const wanted = Buffer.from(contents);
  const present = await readFile(path).catch(() => undefined);
  if (present?.equals(wanted)) return;
  await mkdir(dirname(path), { recursive: true });
  const scratch = `${path}.${process.pid}`;
  await writeFile(scratch, wanted);
  await rename(scratch, path);
}

/** Parts of an earlier build: their names follow from what is in them. */
async function removeFormerParts() {
  const now = new Set(outputs.map(({ path }) => path));
  const found = await readdir(parts).catch(() => []);
  const former = found
    .filter((name) => /\.(mjs|map)$/.test(name))
    .map((name) => resolve(parts, name))
    .filter((path) => !now.has(path));
  await Promise.all(former.map((path) => rm(path)));
}

/** Writes what goes with the code of others: licences, and the bill of materials for scanners. */
async function describePackages() {
  const packages = bundledPackages(result.metafile, root);
  const product = JSON.parse(await readFile(resolve(root, 'package.json'), 'utf8'));
  await put(resolve(folder, 'third-party-notices.txt'), thirdPartyNotices(packages));
  await put(resolve(folder, 'sbom.cdx.json'), billOfMaterials(packages, product));
}

/**
 * Leaves out of a source map what a stack does not need: packages, which would be nine tenths of it, the
 * places within a line, and names. Stacks name files and lines of src, and of packages the place in the bundle.
 */
function forStacks(text) {
  const map = JSON.parse(text);
  const sources = numbered(map.sources.map((path) => !path.includes('node_modules/')));
  const lines = decode(map.mappings).map((segments) => {
    const kept = [];
    for (const [column, source, line, sourceColumn] of segments) {
      const [, lastSource, lastLine] = kept.at(-1) ?? [];
      const own = sources.get(source);
      // The first place of a package ends the one of ours before it.
      if (own === undefined && (kept.length === 0 || lastSource !== undefined)) kept.push([column]);
      if (own === undefined || (own === lastSource && line === lastLine)) continue;
      kept.push([column, own, line, sourceColumn]);
    }
    return kept;
  });
  return JSON.stringify({
    ...map,
    sources: map.sources.filter((_, source) => sources.has(source)),
    names: [],
    mappings: encode(lines),
  });
}

/** The new places of those that stay. */
function numbered(isKept) {
  const kept = isKept.flatMap((stays, index) => (stays ? [index] : []));
  return new Map(kept.map((index, place) => [index, place]));
}
