/** The shipped program where AWS is reached through an HTTP proxy only, and by a CA of one's own. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type ForwardProxy, startForwardProxy } from '../environment/forward-proxy.ts';
import { startTlsFront, type TlsFront } from '../environment/tls-front.ts';
import { createSelfSignedCertificate } from '../unit/kubernetes/self-signed-certificate.ts';
import { CommandLine } from './cluster/command-line.ts';
import { quickAws } from './cluster/quick-aws.ts';
import { sampleLink } from './cluster/sample-link.ts';

jest.setTimeout(60_000);

/** A name that only the proxy can resolve. */
const host = 'aws.us-east-1.example';

let simulator: Simulator;
let tls: TlsFront;
let proxy: ForwardProxy;
let shell: CommandLine;
let file: string;
let ca: string;

beforeAll(async () => {
  simulator = await startSimulator(quickAws);
  const certificate = createSelfSignedCertificate('a CA of our own', host);
  tls = await startTlsFront(certificate, Number(new URL(simulator.url).port));
  proxy = await startForwardProxy({
    hosts: { [host]: { port: tls.port } },
    credentials: 'me:hidden-word',
  });
  shell = await CommandLine.start(`https://${host}`);
  file = await shell.write('link.yaml', [sampleLink(simulator.world.region('us-east-1'), 'one')]);
  ca = await shell.write('ca.pem', certificate.cert);
});

afterAll(async () => {
  await shell?.close();
  await proxy?.close();
  await tls?.close();
  await simulator?.close();
});

function plan(env: Readonly<Record<string, string>>) {
  const none = { HTTPS_PROXY: '', HTTP_PROXY: '', NO_PROXY: '' };
  const own = { ...none, https_proxy: '', http_proxy: '', no_proxy: '' };
  return shell.run(['plan', '-f', file], { env: { ...own, ...env } });
}

test('calls go through HTTPS_PROXY, and NODE_EXTRA_CA_CERTS is trusted', async () => {
  const { stdout, exitCode } = await plan({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: ca });
  expect(stdout).toContain('+ endpoint for com.amazonaws.us-east-1.sagemaker.api');
  expect(exitCode).toBe(2);
  expect(new Set(proxy.requests)).toEqual(new Set([`CONNECT ${host}:443`]));
});

test('NO_PROXY is honoured, and a certificate that nobody knows is not', async () => {
  const before = proxy.requests.length;
  const direct = await plan({ HTTPS_PROXY: proxy.url, NO_PROXY: '.example' });
  expect(direct.stdout).toMatch(/! AWSUnreachable: .*got no answer/);
  expect(proxy.requests).toHaveLength(before);
  const untrusted = await plan({ HTTPS_PROXY: proxy.url });
  expect(untrusted.stdout).toMatch(/! AWSUnreachable: .*(SELF_SIGNED|UNABLE_TO_VERIFY|CERT)/);
});

test('a proxy that cannot be used is an error without a stack, a password and repetition', async () => {
  const { stdout, stderr, exitCode } = await plan({ HTTPS_PROXY: 'socks5://me:hidden-word@proxy' });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    'error: HTTPS_PROXY is not the address of an HTTP proxy; it has to be like http://proxy.example.com:3128\n',
  );
});

test('a wrong password is told and not shown', async () => {
  const wrong = proxy.url.replace('me:', 'you:');
  const { stdout } = await plan({ HTTPS_PROXY: wrong, NODE_EXTRA_CA_CERTS: ca });
  expect(stdout).toMatch(/HTTP 407: the proxy asks for credentials, see HTTPS_PROXY/);
  expect(stdout).not.toContain('hidden-word');
});
