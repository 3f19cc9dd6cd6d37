/** Which folder may import which: the table in docs/architecture.md, read from there. */
import { readFileSync } from 'node:fs';

const architecture = readFileSync(new URL('docs/architecture.md', import.meta.url), 'utf8');
const rows = [...architecture.matchAll(/^\| `src\/([a-z]+)` \|.*\| ([^|]+) \|$/gm)];
if (rows.length === 0) throw new Error('docs/architecture.md has no table of folders');

const folderRules = rows.flatMap(([, folder, mayImport]) => {
  if (mayImport.trim() === 'all') return [];
  const allowed = [folder, ...[...mayImport.matchAll(/`([a-z]+)`/g)].map(([, name]) => name)];
  return [
    {
      name: `folders: ${folder} imports only ${allowed.slice(1).join(', ') || 'itself'}`,
      severity: 'error',
      from: { path: `^src/${folder}/` },
      to: { path: '^src/', pathNot: `^src/(${allowed.join('|')})/` },
    },
  ];
});

const known = rows.map(([, folder]) => folder).join('|');

export default {
  forbidden: [
    ...folderRules,
    {
      name: 'folders: each folder of src is in the table',
      severity: 'error',
      from: { path: '^src/[^/]+/', pathNot: `^src/(${known})/` },
      to: {},
    },
    {
      name: 'what ships does not import what only tests have',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|scripts)/' },
    },
    {
      name: 'what ships imports only the dependencies of package.json',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'the plan and the kind do no IO: of Node they have hashes, address forms and comparison',
      severity: 'error',
      from: { path: '^src/(plan|api)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|net|util)$' },
    },
    {
      name: 'verdicts do no IO: the probes do',
      severity: 'error',
      from: { path: '^src/verify/[^/]+$' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?net$' },
    },
    {
      name: 'pictures do no IO: the commands do',
      severity: 'error',
      from: { path: '^src/topology/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the plan does not know the AWS SDK or Kubernetes',
      severity: 'error',
      from: { path: '^src/plan/' },
      to: { path: 'node_modules/(@aws-sdk|@smithy|@kubernetes)/' },
    },
    {
      name: 'no circles of imports, imports of types included',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'every import can be found',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    parser: 'swc', // TypeScript 7 has no parser for others to use.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node'] },
  },
};
