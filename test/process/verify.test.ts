/** `verify` as a person runs it: links of a cluster and of files, and what it ends with. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { createCertificateAuthority } from '../environment/certificates.ts';
import { type DnsServer, startDnsServer } from '../environment/dns-server.ts';
import { shellBlocksOf } from '../environment/guide-commands.ts';
import type { ProgramResult } from '../environment/run-program.ts';
import { startTlsFront, type TlsFront } from '../environment/tls-front.ts';
import { CommandLine } from './cluster/command-line.ts';
import { OperatorCluster } from './cluster/operator-cluster.ts';
import { readersShell } from './cluster/readers-shell.ts';
import { sampleLink } from './cluster/sample-link.ts';

const name = 'api.sagemaker.us-east-1.amazonaws.com';
const endpointId = 'vpce-0a1b2c3d4e5f67890';

let simulator: Simulator;
let front: TlsFront;
let dns: DnsServer;
let cluster: OperatorCluster;
let shell: CommandLine;
let namesLeadTo: readonly string[] = ['127.0.0.1'];
let flags: readonly string[];

beforeAll(async () => {
  simulator = await startSimulator();
  const authority = await createCertificateAuthority('Amazon RSA 2048 M02');
  const certificate = await authority.issue({ names: [name] });
  front = await startTlsFront(certificate, Number(new URL(simulator.url).port));
  dns = await startDnsServer(() => namesLeadTo);
  cluster = await OperatorCluster.start(simulator.url);
  shell = await CommandLine.start(simulator.url);
  await shell.write('authority.pem', authority.cert);
  const authorityFile = join(shell.folder, 'authority.pem');
  flags = ['--dns-server', dns.address, '--ca-file', authorityFile, '--timeout=3s'];
  // No operator runs: the status is what one would have written.
  const region = simulator.world.region('us-east-1');
  await cluster.install();
  await cluster.apply(sampleLink(region, 'ml', { endpoints: [{ service: 'api' }] }));
  const patch = JSON.stringify({ status: statusOf(front.port) });
  const to = ['sagemakerprivatelink', 'ml', '--subresource=status', '--type=merge'];
  await cluster.kubectlOrThrow(['patch', ...to, '-p', patch]);
});

afterAll(async () => {
  await shell?.close();
  await cluster?.stop();
  await dns?.close();
  await front?.close();
  await simulator?.close();
});

function statusOf(port: number): { readonly endpoints: readonly object[] } {
  const networkInterface = { id: 'eni-0a1b2c3d4e5f67890', subnetId: 'subnet-0a1b2c3d4e5f67890' };
  return {
    endpoints: [
      {
        service: 'api',
        serviceName: 'com.amazonaws.us-east-1.sagemaker.api',
        id: endpointId,
        state: 'available',
        privateDNS: true,
        url: `https://${name}:${port}`,
        dnsNames: [name],
        networkInterfaces: [{ ...networkInterface, zone: 'us-east-1a', ipv4: '127.0.0.1' }],
      },
    ],
  };
}

function verify(...args: readonly string[]): Promise<ProgramResult> {
  return shell.run(['verify', ...flags, ...args]);
}

test("a cluster's link that can be reached ends with 0, in every form of output", async () => {
  const ofCluster = ['--kubeconfig', cluster.kubeconfig];
  const text = await verify(...ofCluster, 'ml');
  expect(text).toMatchObject({ exitCode: 0, stderr: '' });
  expect(text.stdout).toMatch(/^ml: reachable\n.*\n {4}api\.sagemaker\S+ {2}Private\n/);
  const json = await verify(...ofCluster, '-o', 'json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    links: [{ name: 'ml', reachable: true, endpoints: [{ endpointId }] }],
  });
  const metrics = await verify(...ofCluster, '-o', 'metrics');
  expect(metrics.stdout).toContain('sagemaker_privatelink_verify_reachable{link="ml"} 1\n');
});

test('a name that leads elsewhere ends with 2, also for a file that kubectl printed', async () => {
  const printed = await cluster.kubectlOrThrow(['get', 'sagemakerprivatelinks', '-o', 'yaml']);
  const file = await shell.write('printed.yaml', printed);
  namesLeadTo = ['203.0.113.7'];
  try {
    const result = await verify('-f', file);
    expect(result).toMatchObject({ exitCode: 2, stderr: '' });
    expect(result.stdout).toMatch(/^ml: not reachable\n.*\n.*PublicAddresses\n/);
    expect(result.stdout).toContain('us-east-1a 127.0.0.1  Reachable');
  } finally {
    namesLeadTo = ['127.0.0.1'];
  }
});

test('a proxy of the environment is told without its password', async () => {
  const proxied = { HTTPS_PROXY: 'http://user:secret@proxy.example.com:3128' };
  const file = await shell.write(
    'proxied.yaml',
    await cluster.kubectlOrThrow(['get', 'sagemakerprivatelink', 'ml', '-o', 'yaml']),
  );
  const { exitCode, stdout } = await shell.run(['verify', ...flags, '-f', file], { env: proxied });
  expect(exitCode).toBe(2);
  expect(stdout).toContain('to the proxy http://proxy.example.com:3128');
  expect(stdout).not.toContain('secret');
  const excepted = { ...proxied, NO_PROXY: '.amazonaws.com' };
  expect(await shell.run(['verify', ...flags, '-f', file], { env: excepted })).toMatchObject({
    exitCode: 0,
  });
});

test('a pod is given its link by the environment, and tells its verdict in a file with exit code 0', async () => {
  const link = JSON.stringify({
    name: 'ml',
    spec: { endpoints: [{ service: 'api' }] },
    status: statusOf(front.port),
  });
  const env = { SAGEMAKER_PRIVATELINK_LINK: link };
  const report = await shell.write('report', '');
  const told = async (args: readonly string[] = []): Promise<unknown> => {
    const all = ['verify', ...flags, `--report=${report}`, ...args];
    expect(await shell.run(all, { env })).toMatchObject({ exitCode: 0, stderr: '' });
    return JSON.parse(await readFile(report, 'utf8'));
  };
  const zone = { zone: 'us-east-1a', tried: 1 };
  expect(await told()).toEqual({
    version: 1,
    reachable: true,
    zones: [{ ...zone, reached: 1 }],
    faults: [],
  });
  const open = `127.0.0.1:${front.port}`;
  expect(await told(['--selected', `--must-not-answer=${open}`])).toMatchObject({
    reachable: false,
    faults: [{ reason: 'AddressOpen', count: 1, subjects: [open] }],
  });
  expect(await told(['--selected', '--no-must-not-answer'])).toMatchObject({ reachable: true });
});

test('a link of the environment that is none is said in one line', async () => {
  const attempts: [string, RegExp][] = [
    [
      '{',
      /^error: SAGEMAKER_PRIVATELINK_LINK is not JSON; to verify by hand, give a file with -f\n$/,
    ],
    ['[]', /^error: SAGEMAKER_PRIVATELINK_LINK: no link with a name and endpoints/],
    ['{"name":"ml","spec":{"endpoints":[]}}', /^error: .*: the status of ml has no endpoints/],
  ];
  for (const [text, words] of attempts) {
    const env = { SAGEMAKER_PRIVATELINK_LINK: text };
    const { exitCode, stdout, stderr } = await shell.run(['verify'], { env });
    expect(stderr).toMatch(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  }
});

test('mistakes are one line and exit code 1', async () => {
  const region = simulator.world.region('us-east-1');
  const file = await shell.write('bare.yaml', stringify(sampleLink(region, 'bare')));
  const [endpoint] = statusOf(443).endpoints;
  const status = { endpoints: [{ ...endpoint, url: 'api' }] };
  const wrong = await shell.write(
    'wrong.yaml',
    stringify({ ...sampleLink(region, 'wrong'), status }),
  );
  const ofCluster = ['--kubeconfig', cluster.kubeconfig];
  const attempts: [readonly string[], RegExp][] = [
    [['-f', file], /^error: .*bare\.yaml:1: bare has no status with endpoints.*kubectl get/],
    [['-f', file, ...ofCluster], /^error: -f takes links from files and no cluster/],
    [[...ofCluster, 'nobody'], /^error: there is no link nobody; there are ml\n$/],
    [[...ofCluster, '--selected'], /^error: --selected: ml has no spec\.clients\.networkPolicy/],
    [[...ofCluster, '--ca-file', '/nowhere'], /^error: \/nowhere .* cannot be read: ENOENT/],
    [[...ofCluster, '--ca-file', file], /^error: .*bare\.yaml .* has no certificate/],
    [
      ['-f', wrong],
      /^error: .*wrong\.yaml:\d+: wrong: status\.endpoints\[0\]\.url: "api" is not a URL/,
    ],
    [[...ofCluster, '--dns-server', 'dns.example.com'], /must be the address of a resolver/],
    [
      [...ofCluster, '--report', '/nowhere/at/all'],
      /^error: \/nowhere\/at\/all .* cannot be written/,
    ],
    [[...ofCluster, '--must-not-answer', 'example.com:443'], /must be an address and a port/],
  ];
  for (const [args, words] of attempts) {
    const { exitCode, stdout, stderr } = await verify(...args);
    expect(stderr).toMatch(words);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  }
});

test('an address that answers and must not ends with 2', async () => {
  const open = `127.0.0.1:${front.port}`;
  const result = await verify('--kubeconfig', cluster.kubeconfig, '--must-not-answer', open);
  expect(result).toMatchObject({ exitCode: 2, stderr: '' });
  expect(result.stdout).toContain(`${open}  Open`);
});

test("the page's commands, with this network's resolver and authority", async () => {
  const { kubeconfig } = cluster;
  const reader = await readersShell({ folder: shell.folder, kubeconfig });
  const [fromLaptop = '', fromPod = ''] = await shellBlocksOf('docs/verify.md', 'Run it');
  const here = `sagemaker-privatelink verify ${flags.join(' ')}`;
  const laptop = await reader.run(fromLaptop.replaceAll('sagemaker-privatelink verify', here));
  expect(laptop).toMatchObject({ exitCode: 0, stderr: '' });
  expect(laptop.stdout).toMatch(/^ml: reachable\n[\s\S]*"reachable": true/);
  // Nothing starts pods here: the program runs in the place of the pod, for a link without clients.
  const pod = fromPod.replace(/kubectl run [\s\S]* -- verify -f - --selected/, `${here} -f -`);
  expect(pod).toContain(`| ${here}`);
  expect(await reader.run(pod)).toMatchObject({ exitCode: 0, stderr: '' });
});
