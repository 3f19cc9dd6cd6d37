/** What the program does at a terminal: it asks before it deletes, and completes what is typed. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { runProgram } from '../environment/run-program.ts';
import { CommandLine, identity } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

const bundle = join(import.meta.dirname, '../../dist/sagemaker-privatelink.mjs');

let simulator: Simulator;
let region: RegionControl;
let shell: CommandLine;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  shell = await CommandLine.start(simulator.url);
});

afterAll(async () => {
  await shell?.close();
  await simulator?.close();
});

/** Runs the program at a terminal of its own, and types the answer when it asks. */
const atTerminal = `
import os, pty, sys
answer, argv = sys.argv[1].encode(), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
seen, typed = b'', False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if not typed and b'Type yes: ' in seen:
        os.write(terminal, answer if answer == b'\\x03' else answer + b'\\n')
        typed = True
_, status = os.waitpid(pid, 0)
sys.stdout.write(seen.decode())
sys.exit(os.waitstatus_to_exitcode(status))
`;

function typing(answer: string, ...args: readonly string[]) {
  return runProgram('python3', ['-c', atTerminal, answer, 'node', bundle, ...args], {
    env: { ...awsClientEnvironment(simulator.url), ...identity },
  });
}

function living() {
  return region.endpoints().filter(({ state }) => state === 'available');
}

test('delete asks at a terminal; no keeps all, yes deletes, and a pipeline is not asked', async () => {
  const endpoints = [{ service: 'metrics' }];
  const file = await shell.write('ask.yaml', [sampleLink(region, 'ask', { endpoints })]);
  const quick = ['-f', file, '--poll', '100ms', '--consistency', '300ms'];
  expect((await shell.run(['apply', '--wait', ...quick])).exitCode).toBe(0);

  const kept = await typing('no', 'delete', ...quick);
  expect(kept.exitCode).toBe(2);
  expect(kept.stdout).toMatch(/Delete the AWS resources of ask \(us-east-1, account \d{12}\)\?/);
  expect(kept.stdout).toContain('nothing was deleted');
  expect(living()).toHaveLength(1);

  const keptInJson = await typing('no', 'delete', '-o', 'json', ...quick);
  expect(keptInJson.exitCode).toBe(2);
  expect(keptInJson.stdout).toContain('Type yes: ');
  expect(keptInJson.stdout).toContain('"outcome": "kept"');

  const interrupted = await typing('\u0003', 'delete', ...quick);
  expect(interrupted.exitCode).toBe(130);
  expect(interrupted.stdout).toContain('interrupted by SIGINT; nothing was deleted');
  expect(living()).toHaveLength(1);

  expect((await typing('yes', 'delete', ...quick)).exitCode).toBe(0);
  expect(living()).toHaveLength(0);

  expect((await shell.run(['apply', '--wait', ...quick])).exitCode).toBe(0);
  expect((await typing('', 'delete', '--yes', ...quick)).stdout).not.toContain('Type yes');
  expect((await shell.run(['delete', ...quick])).exitCode).toBe(0);
});

test('prune asks at a terminal in JSON, too, and shows what it asks about', async () => {
  const endpoints = [{ service: 'metrics' }];
  const file = await shell.write('pruned.yaml', [sampleLink(region, 'pruned', { endpoints })]);
  const quick = ['--poll', '100ms', '--consistency', '300ms'];
  expect((await shell.run(['apply', '--wait', '-f', file, ...quick])).exitCode).toBe(0);
  const none = await shell.write('none.yaml', [sampleLink(region, 'another')]);
  const prune = ['prune', '-f', none, '--region', 'us-east-1', '-o', 'json', ...quick];

  const kept = await typing('no', ...prune);
  const [question = '', json = ''] = kept.stdout.split('Type yes: ');
  for (const { id } of living()) expect(question).toContain(id);
  expect(json).toContain('"outcome": "kept"');
  expect(kept.exitCode).toBe(2);
  expect(living()).toHaveLength(1);

  expect((await typing('yes', ...prune)).exitCode).toBe(0);
  expect(living()).toHaveLength(0);
});

test('30 links at once print nothing but their own lines', async () => {
  const endpoints = [{ service: 'metrics' }];
  const names = Array.from({ length: 30 }, (_, index) => `many-${index}`);
  const links = names.map((name) => sampleLink(region, name, { endpoints }));
  const file = await shell.write('many.yaml', links);
  const quick = ['--timeout', '3s', '--consistency', '1s'];
  const commands = [['plan'], ['apply', ...quick], ['delete', ...quick]];
  for (const [command = '', ...flags] of commands) {
    const { stderr } = await shell.run([command, '-f', file, ...flags]);
    expect(stderr).not.toContain('Warning');
  }
});

async function completed(...words: readonly string[]): Promise<readonly string[]> {
  const { stdout: script } = await shell.run(['completion', 'bash']);
  const file = await shell.write('completion.bash', script);
  const list = words.map((word) => `'${word}'`).join(' ');
  const text = `source ${file}; COMP_WORDS=(sagemaker-privatelink ${list}); COMP_CWORD=${words.length}; _sagemaker_privatelink; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { exitCode, stdout, stderr } = await runProgram('bash', ['-c', text]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, flags of a command, and the choices of a flag', async () => {
  expect(await completed('tr')).toEqual(['trace']);
  expect(await completed('plan', '--des')).toEqual(['--destroy']);
  expect(await completed('graph', '-o', '')).toEqual(['mermaid', 'dot', 'svg']);
  expect(await completed('graph', '--output', '=', 's')).toEqual(['svg']);
  expect(await completed('graph', '--output', '=')).toEqual(['mermaid', 'dot', 'svg']);
  expect(await completed('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  expect(await completed('completion', '--')).toEqual(['--help']);
  expect(await completed('apply', '--dns-settle-s')).toEqual([]);
  expect(await completed('--')).toEqual(['--version', '--help']);
});

test('bash completes files where a file is meant, and nowhere else', async () => {
  const file = await shell.write('plane tree.json', '{}');
  const begun = file.slice(0, -'e tree.json'.length);
  expect(await completed('apply', begun)).toContain(file);
  expect(await completed('plan', '--out', begun)).toContain(file);
  expect(await completed('plan', '-f', begun)).toContain(file);
  expect(await completed('apply', '')).not.toContain('--help');
  expect(await completed('apply', '--ti')).toEqual(['--timeout']);
  expect(await completed('plan', '--cluster-id', begun)).toEqual([]);
  expect(await completed(begun)).toEqual([]);
  expect(await completed('plan', '')).toContain('--out');
});

test('every command takes its flags in the scripts of each shell', async () => {
  const { stdout: help } = await shell.run(['--help']);
  const names = [...help.matchAll(/^ {2}([a-z-]+) .*$/gm)].map(([, name]) => name ?? '');
  expect(names.length).toBeGreaterThan(10);
  for (const kind of ['bash', 'zsh', 'fish']) {
    const { stdout } = await shell.run(['completion', kind]);
    for (const name of names.filter((one) => one !== 'help')) expect(stdout).toContain(name);
  }
});

test('every command is on its page with exit codes, and every JSON has a schema that is there', async () => {
  const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  const { stdout: help } = await shell.run(['--help']);
  const names = [...help.matchAll(/^ {2}([a-z-]+) .*$/gm)].map(([, name]) => name ?? '');
  const apart = ['help', 'operator', 'simulate-aws'];
  for (const name of names.filter((one) => !apart.includes(one))) {
    expect(page).toMatch(new RegExp(`^\\|.*\`${name}\`.*\\|.*\\|.*\\|`, 'm'));
    const { stdout } = await shell.run([name, '--help']);
    if (!/choices: .*"json"/.test(stdout)) continue;
    const [, file] = /(docs\/[a-z-]+\.schema\.json)/.exec(stdout) ?? [];
    expect({ name, file }).toEqual({ name, file: expect.any(String) });
    const schema = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
    expect(JSON.parse(schema)).toMatchObject({ title: expect.stringContaining(name) });
  }
});

test('every command with -o json has its form in the one list of the documentation, and the list no other', async () => {
  const page = readFileSync(new URL('../../docs/command-line.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (`.*`) \| \[([a-z-]+\.schema\.json)\]\(\2\)/gm)];
  const listed = rows.flatMap(([, commands = '', file = '']) =>
    [...commands.matchAll(/`([a-z-]+)`/g)].map(([, name = '']) => [name, file] as const),
  );
  const { stdout: help } = await shell.run(['--help']);
  const names = [...help.matchAll(/^ {2}([a-z-]+) .*$/gm)].map(([, name = '']) => name);
  const told: (readonly [string, string | undefined])[] = [];
  for (const name of names.filter((one) => one !== 'help')) {
    const { stdout } = await shell.run([name, '--help']);
    const flags = stdout.replaceAll(/\s+/g, ' ');
    if (!/--output <form>.*?"json"/.test(flags)) continue;
    told.push([name, /docs\/([a-z-]+\.schema\.json)/.exec(flags)?.[1]]);
  }
  expect(told.toSorted()).toEqual(listed.toSorted());
  const present = readdirSync(new URL('../../docs/', import.meta.url));
  const files = present.filter((file) => file.endsWith('.schema.json'));
  expect([...new Set(listed.map(([, file]) => file))].toSorted()).toEqual(files.toSorted());
});

test('clients of a file says that it needs a cluster where there is none', async () => {
  const missing = await shell.run(['clients', '-f', 'link.yaml', '--kubeconfig', '/nonexistent']);
  expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
  expect(missing.stderr).toMatch(/^error: .*\. clients .* needs a cluster even with -f\n$/);
});
