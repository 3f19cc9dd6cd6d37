/** Errors that a user can repair: what the shipped program prints for them, and what it does not. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { awsClientEnvironment } from '../environment/aws-client-environment.ts';
import { runProgram } from '../environment/run-program.ts';
import { CommandLine } from './cluster/command-line.ts';

jest.setTimeout(60_000);

const bundle = join(import.meta.dirname, '../../dist/sagemaker-privatelink.mjs');
const noAws = 'http://127.0.0.1:1';
const link = {
  apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
  kind: 'SageMakerPrivateLink',
  metadata: { name: 'one' },
  spec: {
    region: 'us-east-1',
    vpc: { id: 'vpc-0123456789abcdef0' },
    subnets: { ids: ['subnet-0123456789abcdef0'] },
    endpoints: [{ service: 'api' }],
    notebookAccess: { allowedCIDRs: ['203.0.113.0/24'] },
  },
};

const profiles = `[profile sso]
sso_session = corp
sso_account_id = 111122223333
sso_role_name = Admin
[sso-session corp]
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-1
[profile broken]
credential_process = echo no-json
`;

let shell: CommandLine;
let file: string;
let taken: ReturnType<typeof createServer>;
let port: string;

beforeAll(async () => {
  shell = await CommandLine.start(noAws);
  file = await shell.write('link.yaml', [link]);
  taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  port = String((taken.address() as AddressInfo).port);
});

afterAll(async () => {
  await shell?.close();
  taken?.close();
});

/** Fails when the output has a stack trace, or says the same thing twice. */
function expectOneError(stderr: string): void {
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.match(/error: /g)).toHaveLength(1);
}

test.each([
  [
    'a port that is taken',
    () => ['simulate-aws', `--port=${port}`],
    /port \d+ of 127\.0\.0\.1 is taken/,
  ],
  [
    'a region that AWS does not have',
    () => ['simulate-aws', '--region=us-east1'],
    /must be a region of AWS; did you mean us-east-1\?/,
  ],
  ['no kubeconfig', () => ['operator', '--kubeconfig=/none/config'], /there is no \/none\/config/],
  [
    'a cluster id that came to nothing',
    () => ['operator', '--cluster-id='],
    /'--cluster-id <id>'.*leave the flag out/,
  ],
  ['a cluster id of blanks', () => ['prune', '--cluster-id= '], /must be 1 to 256 letters/],
  [
    'a cluster id that no tag can have',
    () => ['operator', '--cluster-id=$(CLUSTER_ID)'],
    /must be 1 to 256 letters/,
  ],
  [
    'a number in another notation',
    () => ['operator', '--kube-api-qps=0x10'],
    /must be a whole number above 0, in digits/,
  ],
  ['a number without a bound', () => ['operator', '--workers=99999999999'], /whole number above 0/],
  [
    'a rate of a call that nobody makes',
    () => ['operator', '--aws-call-rate=ec2:CreateVpcEndpont=1/1'],
    /ec2:CreateVpcEndpont is no call of the operator/,
  ],
  ['no file', () => ['plan', '-f', '/none.yaml', '--cluster-id=c'], /\/none\.yaml cannot be read/],
  ['no command of that name', () => ['frobnicate'], /unknown command 'frobnicate'/],
  [
    'a file that is no link',
    () => ['plan', '-f', import.meta.filename, '--cluster-id=c'],
    /user-errors\.test\.ts/,
  ],
  [
    'a duration without a unit',
    () => ['apply', '-f', file, '--cluster-id=c', '--timeout=5'],
    /must be a duration such as 90s, 15m or 1h30m/,
  ],
  [
    'an account map that is none',
    () => ['plan', '-f', file, '--cluster-id=c', `--account-map=${file}`],
    /the account map .* is not valid/,
  ],
  ['a kubeconfig that is none', () => ['status', `--kubeconfig=${file}`], /link\.yaml/],
  [
    'an address of somebody else',
    () => ['simulate-aws', '--port=0', '--host=203.0.113.1'],
    /no address 203\.0\.113\.1/,
  ],
  [
    'an endpoint without its id',
    () => ['policy', '-f', file, '--endpoint=api'],
    /must look like api=vpce-/,
  ],
])('%s', async (_what, args, words) => {
  const { stderr, exitCode } = await shell.run(args());
  expect(exitCode).toBe(1);
  expectOneError(stderr);
  expect(stderr).toMatch(words);
});

test.each([
  [{ AWS_PROFILE: 'nope' }, /no AWS credentials \(AWS_PROFILE=nope\): .*\[nope\].*list-profiles/],
  [
    { AWS_PROFILE: 'sso' },
    /\(AWS_PROFILE=sso\): The SSO session .* Run: aws sso login --profile sso$/m,
  ],
  [{ AWS_PROFILE: 'broken' }, /\(AWS_PROFILE=broken\): Profile broken .* invalid JSON\./],
])('credentials that are not there, by %o', async (variables, words) => {
  const config = await shell.write('aws-config', profiles);
  const keys = { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
  const env = { ...keys, AWS_CONFIG_FILE: config, ...variables };
  const { stdout, stderr, exitCode } = await shell.run(['apply', '-f', file], { env });
  expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 1 });
  expectOneError(stderr);
  expect(stderr).toMatch(words);
});

test('one cause is printed once, however many calls it fails', async () => {
  const { stdout, stderr } = await shell.run(['apply', '-f', file, '--cluster-id=c']);
  expect(stderr).toBe('');
  expect(stdout.match(/If it stays, check the way/g)).toHaveLength(1);
  for (const [line] of stdout.matchAll(/\S+ got no answer/g)) {
    expect(stdout.split(line)).toHaveLength(2);
  }
});

test('a reader that goes away ends the program quietly', async () => {
  const { stderr } = await runProgram('sh', ['-c', `node ${bundle} policy -f ${file} | true`], {
    env: awsClientEnvironment(noAws),
  });
  expect(stderr).not.toMatch(/EPIPE|^\s+at /m);
});

test('output that cannot be written, as on a full disk, is one error', async () => {
  const command = `node ${bundle} policy -f ${file} > /dev/full`;
  const { stderr, exitCode } = await runProgram('sh', ['-c', command], {
    env: awsClientEnvironment(noAws),
  });
  expect(exitCode).toBe(1);
  expectOneError(stderr);
  expect(stderr).toContain("error: the output can't be written: ENOSPC");
});

test('every default that a help shows is one that its flag takes', async () => {
  const needed: Readonly<Record<string, string>> = { '--filename': file, '--vpc': 'vpc-0a1b2c3d' };
  const { stdout } = await shell.run(['--help']);
  const commands = [...stdout.matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(
    ([, name = '']) => name,
  );
  expect(commands.length).toBeGreaterThan(12);
  let shown = 0;
  for (const command of commands) {
    const help = (await shell.run([command, '--help'])).stdout.replace(/\n {10,}/g, ' ');
    const lines = [...help.matchAll(/^ +(?:-\w, )?(--[a-z-]+) .*$/gm)];
    const flags = lines.flatMap(([line, flag = '']) => {
      const [, value = needed[flag]] = /[(,] ?default: "?(.*?)"?\)$/.exec(line) ?? [];
      return value === undefined ? [] : [`${flag}=${value}`];
    });
    shown += flags.length;
    // The one thing that is wrong, if everything before it is right.
    const { stderr } = await shell.run([command, ...flags, '--no-such-flag']);
    expect(`${command}: ${stderr}`).toContain("error: unknown option '--no-such-flag'");
  }
  expect(shown).toBeGreaterThan(50);
});
