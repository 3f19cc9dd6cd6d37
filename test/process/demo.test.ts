/** `npm run demo` as a person and a machine run it, on files and on a real API server. */
import { readFile } from 'node:fs/promises';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { ClientPod, Place } from '../../demo/client-pod.ts';
import type { CommandsToTry } from '../../demo/try-it.ts';
import type { AnswersInARow } from '../../demo/vpc-resolver.ts';
import { judgeByAnalyzer } from '../environment/policy-judges.ts';
import { type ProgramResult, runProgram } from '../environment/run-program.ts';

jest.setTimeout(300_000);

const root = join(import.meta.dirname, '../..');

const titles = [
  'Without a link everything goes over the internet',
  'A link is applied, and kill -9 strikes in the middle of the creation',
  'The same name is private now, and led nowhere in between',
  'A pod of a selected namespace has no other way out any more',
  'A stolen notebook URL is of no use outside of the office',
  'Somebody deletes an endpoint and opens the security group by hand',
  "Another team's endpoint is named, and not touched",
  'One look at the whole link',
  'The links are deleted; nothing of them is left',
];

interface Told {
  readonly ok: boolean;
  readonly seconds: number;
  readonly chapters: readonly { readonly title: string; readonly facts: unknown }[];
  readonly commands: CommandsToTry;
}

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smpl-demo-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** An API server of the demo's own: what it leaves there is in no other test's way. */
function demo(...flags: readonly string[]): Promise<ProgramResult> {
  const { SMPL_TEST_API_SERVER_POOL: _borrowed, ...env } = process.env;
  const args = ['scripts/demo.mjs', `--folder=${folder}`, ...flags];
  return runProgram('node', args, { cwd: root, env });
}

describe.each(['--no-cluster', '--cluster'])('with %s', (where) => {
  let told: Told;

  beforeAll(async () => {
    const { stdout, stderr } = await demo(where, '--json');
    expect(stderr).toBe('');
    told = JSON.parse(stdout) as Told;
  });

  /** What a chapter found, by its number. */
  function factsOf<T>(number: number): T {
    return told.chapters[number - 1]?.facts as T;
  }

  test('every chapter is told once, in order', () => {
    expect(told.ok).toBe(true);
    expect(told.chapters.map(({ title }) => title)).toEqual(titles);
  });

  test('the killed process and its successor made each thing once', () => {
    const { pid, successor, madeBefore, made } = factsOf<{
      readonly pid: number;
      readonly successor: number;
      readonly madeBefore: readonly string[];
      readonly made: Readonly<Record<'endpoints' | 'groups' | 'policies', readonly string[]>>;
    }>(2);
    expect(successor).not.toBe(pid);
    expect(madeBefore).toHaveLength(1);
    expect(made.endpoints).toEqual(expect.arrayContaining([...madeBefore]));
    expect([made.endpoints, made.groups, made.policies].map((one) => one.length)).toEqual([
      2, 1, 1,
    ]);
  });

  test('the name was public, then private, and nothing in between', () => {
    const { addresses: before } = factsOf<{ readonly addresses: readonly string[] }>(1);
    const { addresses, seen, unserved } = factsOf<{
      readonly addresses: readonly string[];
      readonly seen: readonly AnswersInARow[];
      readonly unserved: number;
    }>(3);
    expect(before).toEqual(['198.51.100.7']);
    expect(addresses).toHaveLength(3);
    for (const address of addresses) expect(address).toMatch(/^172\.31\./);
    expect(seen.map((one) => one.addresses)).toEqual([before, addresses]);
    for (const { times } of seen) expect(times).toBeGreaterThan(1);
    expect(unserved).toBe(0);
  });

  test('another engine decides about the same policies as the demo', async () => {
    const { policies: before } = factsOf<{ readonly policies: readonly object[] }>(1);
    const { pod, policies, decided } = factsOf<{
      readonly pod: ClientPod;
      readonly policies: readonly object[];
      readonly decided: readonly (Place & { readonly before: string; readonly after: string })[];
    }>(4);
    expect(before).toEqual([]);
    expect(policies).toHaveLength(1);
    const client = { ...pod, ip: '10.0.0.1' };
    const others = decided.flatMap(
      ({
        destination: {
          pod: other,
          addresses: [ip = ''],
        },
      }) => (other === undefined ? [] : [{ name: 'other', ip, ...other }]),
    );
    const packets = decided.map(
      ({
        destination: {
          addresses: [to = ''],
          protocol,
          port,
        },
      }) => {
        return { from: client.ip, to, protocol: protocol as 'TCP' | 'UDP', port };
      },
    );
    const pods = [client, ...others];
    const cases = [before, policies].map((among) => ({ pods, packets, policies: among }));
    const [openly, held] = await judgeByAnalyzer(cases);
    expect(openly).toEqual(decided.map((one) => one.before === 'allowed'));
    expect(held).toEqual(decided.map((one) => one.after === 'allowed'));
    expect(held).toEqual([true, true, false, false]);
  });

  test('the thief alone loses the notebook', () => {
    const { rows } = factsOf<{
      readonly rows: readonly { readonly before: string; readonly after: string }[];
    }>(5);
    expect(rows.map(({ before }) => before)).toEqual(['allowed', 'allowed', 'allowed']);
    expect(rows.map(({ after }) => after)).toEqual(['denied', 'allowed', 'allowed']);
  });

  test('what was changed by hand is repaired, and the program says so', () => {
    const { victim, successor, rules, changes } = factsOf<{
      readonly victim: string;
      readonly successor: string;
      readonly rules: readonly unknown[];
      readonly changes: readonly string[];
    }>(6);
    expect(successor).not.toBe(victim);
    expect(rules).toEqual([]);
    expect(changes.join('\n')).toContain('tcp 22 from 0.0.0.0/0');
    expect(changes.join('\n')).toContain(successor);
  });

  test("the other team's endpoint outlives the story and is named by id and tag", () => {
    const { endpointId, message } = factsOf<{
      readonly endpointId: string;
      readonly message: string;
    }>(7);
    expect(message).toContain(endpointId);
    expect(message).toContain('team=fraud-detection');
    expect(factsOf(9)).toEqual({
      left: { endpoints: 0, groups: 0, policies: 0 },
      others: [endpointId],
    });
  });

  test('the tree fits on the screen, and the picture has every endpoint', async () => {
    const { tree, path } = factsOf<{ readonly tree: string; readonly path: string }>(8);
    const { made } = factsOf<{ readonly made: { readonly endpoints: readonly string[] } }>(2);
    const { successor } = factsOf<{ readonly successor: string }>(6);
    const svg = await readFile(path, 'utf8');
    for (const id of [made.endpoints[0] ?? '', successor]) {
      expect(tree).toContain(id);
      expect(svg).toContain(id);
    }
    expect(tooLong(tree)).toEqual([]);
  });

  test('the commands at its end work', async () => {
    const { files, serve, apply } = told.commands;
    const results: ProgramResult[] = [];
    for (const command of files)
      results.push(await runProgram('bash', ['-c', command], { cwd: root }));
    expect(results.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
      [0, 0, 3].map((exitCode) => ({ exitCode, stderr: '' })),
    );
    expect(results[2]?.stdout).toMatch(/^Denied/);
    const applied = await withServer(serve, (lines) =>
      runProgram('bash', ['-c', `${lines}\n${apply}`.replaceAll('dist/', `${root}/dist/`)], {
        cwd: folder,
      }),
    );
    expect(applied.stdout).toContain('ml: Ready=True (Succeeded)');
    expect(applied.exitCode).toBe(0);
  });
});

/** Runs the command that serves AWS, on a free port, while something works with what it prints. */
async function withServer<T>(command: string, work: (lines: string) => Promise<T>): Promise<T> {
  const [program = '', ...args] = command.split(' ');
  const server = spawn(program, [...args, '--port=0', '--pending=1s'], { cwd: root });
  const ended = once(server, 'close');
  try {
    const lines: string[] = [];
    for await (const line of createInterface({ input: server.stdout })) {
      lines.push(line);
      if (line === 'END') break;
    }
    return await work(lines.join('\n'));
  } finally {
    server.kill();
    await ended;
  }
}

function tooLong(text: string): readonly string[] {
  return text.split('\n').filter((line) => Array.from(line).length > 80);
}

test('without a terminal it is a plain log of 80 columns with each title once', async () => {
  const { exitCode, stdout, stderr } = await demo('--no-cluster');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const lines = stdout.split('\n');
  for (const [index, title] of titles.entries()) {
    expect(lines.filter((line) => line.includes(title))).toEqual([`${index + 1}. ${title}`]);
  }
  expect(tooLong(stdout.split('Try it yourself')[0] ?? '')).toEqual([]);
  expect(stdout).toContain(`All ${titles.length} chapters were seen to be true`);
  expect(stdout.includes('\u001B')).toBe(false);
});
