/**
 * Completes package-lock.json with the packages that other platforms than this one install (the
 * native parts of compilers and linters). npm leaves out those that its registry, often a mirror,
 * does not have, and `npm ci` then refuses the lockfile everywhere. They are written without a
 * checksum, which only their own platforms could add. With --check nothing is written.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const file = resolve(import.meta.dirname, '../package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const present = new Set(Object.keys(lock.packages));

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
];
const processors = [
  'arm64',
  'arm',
  'ia32',
  'loong64',
  'mips64el',
  'ppc64',
  'riscv64',
  's390x',
  'x64',
];

const added = [];
for (const [path, entry] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const nested = `${path}/node_modules/${name}`;
    const hoisted = `node_modules/${name}`;
    if (present.has(nested) || present.has(hoisted)) continue;
    lock.packages[hoisted] = platformEntry(name, version, entry.dev === true);
    present.add(hoisted);
    added.push(`${name}@${version}`);
  }
}

if (added.length > 0 && process.argv.includes('--check')) {
  console.error(`package-lock.json lacks packages of other platforms: ${added.join(', ')}`);
  process.exit(1);
}
if (added.length > 0) {
  const byPath = Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(
    file,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(byPath) }, null, 2)}\n`,
  );
}

/** By its name: these packages are all called after the platform they are for. */
function platformEntry(name, version, dev) {
  const words = name.split(/[/-]/);
  const system = [...systems, 'win32'].find((each) => words.includes(each));
  const processor = processors.find((each) => words.includes(each));
  if (!system || !processor || !/^\d/.test(version)) {
    throw new Error(`package-lock.json lacks ${name}@${version}, which is not of one platform`);
  }
  const libc = words.find((word) => /^(gnu|musl)/.test(word));
  return {
    version,
    cpu: [processor],
    ...(dev ? { dev } : {}),
    ...(libc ? { libc: [libc.startsWith('musl') ? 'musl' : 'glibc'] } : {}),
    optional: true,
    os: [system],
  };
}
