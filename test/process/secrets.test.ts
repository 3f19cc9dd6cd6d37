/** Secrets are planted wherever the operator meets some, and looked for in all that it says. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { eventually } from '../environment/eventually.ts';
import { conditionOf, OperatorCluster, type OperatorProcess } from './cluster/operator-cluster.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';
import { createTargetRole } from './cluster/target-account.ts';

const planted = {
  accessKeyId: 'AKIAMARKERMARKER0001',
  secretAccessKey: 'mArKeR+of/a+secret+access+key+0123456789',
  sessionToken: 'IQoJb3JpZ2luX2VjEPLANTEDsessiontoken0123456789',
  webIdentityToken: 'eyJhbGciOiJSUzI1NiJ9.eyJwbGFudGVkIjoidG9rZW4ifQ.cGxhbnRlZC1zaWduYXR1cmU',
  externalId: 'planted-external-id',
  policy: 'PlantedInTheEndpointPolicy',
  encodedDenial: 'pLaNtEdEncodedAuthorizationMessage0123456789',
  signature: 'Signature=f00dplanted0123456789abcdef',
} as const;

const otherAccount = '444455556666';
const roleArn = 'arn:aws:iam::111122223333:role/pod';

let simulator: Simulator;
let region: RegionControl;
let cluster: OperatorCluster;
let folder: string;
const said: string[] = [];
let secrets: readonly (readonly [string, string])[];

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  region = simulator.world.region('us-east-1');
  folder = await mkdtemp(join(tmpdir(), 'smpl-secrets-'));
  await writeMap();
  cluster = await OperatorCluster.start(simulator.url, { own: {} });
  const args = [`--account-map=${join(folder, 'accounts.yaml')}`, '--cluster-id=cluster-1'];
  const withKeys = await cluster.startOperator({ args, env: keys() });
  await live(withKeys);
  await withKeys.stop();
  const withToken = await cluster.startOperator({ args, env: await webIdentity() });
  await liveByToken(withToken);
  await withToken.stop();
  secrets = [...Object.entries(planted), ...(await bearerTokens())];
}, 240_000);

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
  await rm(folder, { recursive: true, force: true });
});

function keys(): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: planted.accessKeyId,
    AWS_SECRET_ACCESS_KEY: planted.secretAccessKey,
    AWS_SESSION_TOKEN: planted.sessionToken,
  };
}

async function webIdentity(): Promise<Record<string, string>> {
  const trust = { Federated: 'arn:aws:iam::111122223333:oidc-provider/cluster' };
  const Statement = [{ Effect: 'Allow', Action: 'sts:*', Principal: trust }];
  const trustPolicy = JSON.stringify({ Version: '2012-10-17', Statement });
  simulator.world.account().createPrincipal({ kind: 'role', name: 'pod', trustPolicy });
  const file = join(folder, 'token');
  await writeFile(file, planted.webIdentityToken);
  return {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_ROLE_ARN: roleArn,
    AWS_WEB_IDENTITY_TOKEN_FILE: file,
  };
}

async function writeMap(broken = ''): Promise<void> {
  const { externalId } = planted;
  const target = createOnce();
  const map = JSON.stringify({ accounts: { ml: { roleArn: target, externalId } } });
  await writeFile(join(folder, 'accounts.yaml'), `${map}${broken}`);
}

function createOnce(): string {
  const known = simulator.world.account(otherAccount).principals();
  const role = known.find(({ name }) => name === 'links');
  const { externalId } = planted;
  return role?.arn ?? createTargetRole(simulator, { accountId: otherAccount, externalId });
}

const Statement = [
  { Sid: planted.policy, Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' },
];
const endpoints = [{ service: 'api', policy: { Version: '2012-10-17', Statement } }];

/** With keys: work in two accounts, drift, and answers of AWS that quote what they should not. */
async function live(operator: OperatorProcess): Promise<void> {
  await cluster.apply(sampleLink(region, 'ml', { endpoints, tags: { team: 'a' } }));
  const there = simulator.world.region('us-east-1', otherAccount);
  await cluster.apply(sampleLink(there, 'elsewhere', { account: 'ml', endpoints }));
  await Promise.all([cluster.linkIsReady('ml'), cluster.linkIsReady('elsewhere')]);
  for (const { id } of region.endpoints()) region.changeEndpoint(id, { policy: '{}' } as never);
  await refuseWith('AuthFailure', quoting());
  await refuseWith(
    'UnauthorizedOperation',
    `Encoded authorization failure message: ${planted.encodedDenial}`,
  );
  await refuseWith('SomethingNew', quoting());
  await writeMap(' {');
  await eventually(async () =>
    expect(JSON.stringify(await operator.log())).toContain(
      'the account map is invalid: the last valid one stays in force',
    ),
  );
  await writeMap();
  await listen(operator);
}

/** What no AWS says, in the forms in which libraries and proxies do. */
function quoting(): string {
  const { accessKeyId, secretAccessKey, sessionToken, signature } = planted;
  return `AWS_SECRET_ACCESS_KEY=${secretAccessKey} x-amz-security-token: ${sessionToken} Credential=${accessKeyId}/us-east-1 Authorization: AWS4-HMAC-SHA256 ${signature}`;
}

async function refuseWith(code: string, message: string): Promise<void> {
  const effect = { kind: 'error', code, message, httpStatus: 403 } as const;
  const fault = simulator.faults.add({ service: 'ec2', action: '*', effect });
  await cluster.lookNow('ml');
  const refused = await cluster.linkThat('ml', `refused with ${code}`, (link) =>
    ['AccessDenied', 'CredentialsInvalid', 'AWSError'].includes(
      conditionOf(link, 'Ready')?.reason ?? '',
    ),
  );
  said.push(JSON.stringify(refused.status));
  fault.remove();
}

/** With a token: once refused in words that quote it, then let in. */
async function liveByToken(operator: OperatorProcess): Promise<void> {
  const fault = simulator.faults.add({
    service: 'sts',
    action: 'AssumeRoleWithWebIdentity',
    effect: {
      kind: 'error',
      code: 'InvalidIdentityToken',
      httpStatus: 400,
      message: `The token ${planted.webIdentityToken} is not valid`,
    },
  });
  await cluster.linkThat(
    'ml',
    'without credentials',
    (link) => conditionOf(link, 'Ready')?.reason === 'CredentialsInvalid',
  );
  fault.remove();
  await cluster.kubectlOrThrow(['annotate', 'smpl', 'ml', 'x=y', '--overwrite']);
  await cluster.apply(sampleLink(region, 'ml', { endpoints, tags: { team: 'b' } }));
  await cluster.linkIsReady('ml');
  await listen(operator);
}

/** All that the operator has said so far, anywhere. */
async function listen(operator: OperatorProcess): Promise<void> {
  const metrics = await fetch(`${await operator.healthUrl()}/metrics`);
  const links = await cluster.kubectlOrThrow(['get', 'smpl', '-o', 'jsonpath={.items[*].status}']);
  const events = await cluster.kubectlOrThrow(['get', 'events', '-A', '-o', 'json']);
  said.push(await readFile(operator.logFile, 'utf8'), links, events, await metrics.text());
}

/** Tokens of the operator's own service account. */
async function bearerTokens(): Promise<readonly (readonly [string, string])[]> {
  const files = await readdir(cluster.server.folder);
  const configs = files.filter((file) => file.startsWith('sagemaker-privatelink-system.'));
  const texts = await Promise.all(
    configs.map((file) => readFile(join(cluster.server.folder, file), 'utf8')),
  );
  return texts.map((text) => ['bearerToken', /token: (\S+)/.exec(text)?.[1] ?? 'no token found']);
}

test('the operator worked with what was planted', () => {
  const calls = JSON.stringify(simulator.calls());
  expect(calls).toContain(planted.externalId);
  expect(calls).toContain(planted.webIdentityToken);
  expect(calls).toContain(planted.policy);
  expect(calls).toContain(planted.accessKeyId);
  expect(secrets.filter(([kind]) => kind === 'bearerToken')).toHaveLength(2);
  expect(said.every((text) => text.length > 100)).toBe(true);
});

test('F26: nothing of it is in the log, in statuses, in events or in metrics', () => {
  const leaks = secrets.flatMap(([kind, secret]) =>
    said.flatMap((text) => {
      const at = text.indexOf(secret);
      return at === -1 ? [] : [`${kind}: ...${text.slice(Math.max(0, at - 200), at)}<here>`];
    }),
  );
  expect(leaks).toEqual([]);
});
