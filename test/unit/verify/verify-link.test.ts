/** Links verified against a DNS server and TLS servers on this machine, in every way they fail. */
import { afterAll, beforeAll, describe as group, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket, connect } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverResolver } from '../../../src/verify/probe/resolve-name.ts';
import type { LinkVerdict } from '../../../src/verify/verdict.ts';
import { verifyLink, type VerifyOptions } from '../../../src/verify/verify-link.ts';
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from '../../environment/certificates.ts';
import { type DnsRecord, startDnsServer } from '../../environment/dns-server.ts';
import { addresses, apiEndpoint, apiName, linkWith } from './loopback-endpoint.ts';

const dualStackName = 'api.sagemaker.us-east-1.api.aws';
const [first, second] = addresses;

let amazon: CertificateAuthority;
let inspector: CertificateAuthority;
const good = { names: [apiName, '*.api.sagemaker.us-east-1.vpce.amazonaws.com', dualStackName] };

beforeAll(async () => {
  amazon = await createCertificateAuthority('Amazon RSA 2048 M02');
  inspector = await createCertificateAuthority('Corporate Inspection');
});

/** Something that listens at an address, or nothing. */
type Listener =
  | { readonly kind: 'tls'; readonly issue: () => Promise<{ cert: string; key: string }> }
  | { readonly kind: 'tcp'; readonly serve: (socket: Socket) => void }
  | { readonly kind: 'nobody' };

const sageMaker: Listener = { kind: 'tls', issue: () => amazon.issue(good) };
const nobody: Listener = { kind: 'nobody' };
const silence: Listener = { kind: 'tcp', serve: () => undefined };
const plainHttp: Listener = {
  kind: 'tcp',
  serve: (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
};
const hangUp: Listener = {
  kind: 'tcp',
  serve: (socket) => void socket.once('data', () => socket.resetAndDestroy()),
};

/** Listens at both addresses, on the same port. */
async function listen(listeners: readonly Listener[]) {
  const servers: Server[] = [];
  const sockets = new Set<Socket>();
  // A port that both addresses have: taken by the first, kept free by a listener that is closed.
  const placeholder = createServer().listen(0, first);
  await once(placeholder, 'listening');
  const { port } = placeholder.address() as AddressInfo;
  placeholder.close();
  await once(placeholder, 'close');
  for (const [index, listener] of listeners.entries()) {
    if (listener.kind === 'nobody') continue;
    const server =
      listener.kind === 'tls'
        ? createTlsServer(await listener.issue())
        : createServer(listener.serve);
    server.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.on('tlsClientError', () => undefined);
    server.listen(port, addresses[index]);
    await once(server, 'listening');
    servers.push(server);
  }
  return {
    port,
    async close() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) {
        server.close();
        await once(server, 'close');
      }
    },
  };
}

interface World {
  readonly records?: Readonly<Record<string, DnsRecord>>;
  readonly listeners?: readonly Listener[];
  readonly names?: readonly string[];
  readonly options?: Partial<VerifyOptions>;
}

const allRight = { [apiName]: addresses, [dualStackName]: addresses };

async function verify({
  records = {},
  listeners = [sageMaker, sageMaker],
  names = [apiName, dualStackName],
  options = {},
}: World): Promise<LinkVerdict> {
  const dns = await startDnsServer((name) => ({ ...allRight, ...records })[name]);
  const servers = await listen(listeners);
  try {
    const link = linkWith(apiEndpoint(servers.port, { dnsNames: names }));
    return await verifyLink(link, {
      resolve: serverResolver(dns.address, 2_000),
      proxyFor: () => undefined,
      timeoutMs: 2_000,
      authorities: amazon.cert,
      isSelected: false,
      forbidden: [],
      ...options,
    });
  } finally {
    await servers.close();
    await dns.close();
  }
}

/** The outcomes of the dialled name, of the other name and of both zones. */
function outcomes({ endpoints }: LinkVerdict) {
  const [endpoint] = endpoints;
  return {
    names: endpoint?.names.map(({ outcome }) => outcome),
    addresses: endpoint?.addresses.map(({ outcome }) => outcome),
  };
}

const bothPrivate = ['Private', 'Private'];
const bothReachable = ['Reachable', 'Reachable'];

test('an endpoint whose names lead to it, and that answers in each zone, is reachable', async () => {
  const verdict = await verify({});
  expect(outcomes(verdict)).toEqual({ names: bothPrivate, addresses: bothReachable });
  expect(verdict.reachable).toBe(true);
  expect(verdict.endpoints[0]?.addresses.map(({ zone, address }) => [zone, address])).toEqual([
    ['us-east-1a', first],
    ['us-east-1b', second],
  ]);
  const texts = JSON.stringify(verdict);
  expect(texts).not.toContain('advice');
});

test('one zone alone is an answer: resolvers may give the address of their own zone', async () => {
  const verdict = await verify({ records: { [apiName]: [second] } });
  expect(verdict.reachable).toBe(true);
});

group('a name', () => {
  const cases: [string, DnsRecord, string, RegExp][] = [
    ['of public addresses', ['203.0.113.7'], 'PublicAddresses', /public addresses: 203\.0\.113\.7/],
    ['of public IPv6 addresses', ['2001:db8::7'], 'PublicAddresses', /2001:db8::7/],
    ['partly public', [first, '203.0.113.7'], 'PublicAddresses', /: 203\.0\.113\.7\.$/],
    ['of another endpoint', ['10.9.8.7'], 'OtherAddresses', /10\.9\.8\.7, which vpce-\w+ does not/],
    ['that there is not', 'NXDOMAIN', 'NotFound', /knows no address/],
    ['without an address', [], 'NotFound', /knows no address/],
    ['of a resolver that fails', 'SERVFAIL', 'NoAnswer', /does not answer \(ESERVFAIL\)/],
    ['of a resolver that refuses', 'REFUSED', 'NoAnswer', /does not answer \(EREFUSED\)/],
    ['of a resolver that is silent', 'silence', 'NoAnswer', /does not answer \(ETIMEOUT\)/],
  ];
  test.each(cases)('%s is not private', async (_, record, outcome, message) => {
    const verdict = await verify({ records: { [dualStackName]: record } });
    expect(outcomes(verdict)).toEqual({ names: ['Private', outcome], addresses: bothReachable });
    expect(verdict.reachable).toBe(false);
    const [, bad] = verdict.endpoints[0]?.names ?? [];
    expect(bad?.message).toMatch(message);
    expect(bad?.advice).toMatch(/^[A-Z].{30,}\.$/);
  });

  test('of public addresses leaves it told whether the endpoint itself answers', async () => {
    const records = { [apiName]: ['203.0.113.7'], [dualStackName]: ['203.0.113.8'] };
    const verdict = await verify({ records, listeners: [sageMaker, nobody] });
    expect(outcomes(verdict)).toEqual({
      names: ['PublicAddresses', 'PublicAddresses'],
      addresses: ['Reachable', 'Refused'],
    });
  });

  test('that the environment sends to a proxy is not private', async () => {
    const proxyFor = ({ hostname }: URL) =>
      hostname === apiName ? 'http://proxy.example.com:3128' : undefined;
    const verdict = await verify({ options: { proxyFor } });
    expect(outcomes(verdict)).toEqual({ names: ['Proxy', 'Private'], addresses: bothReachable });
    expect(verdict.endpoints[0]?.names[0]?.advice).toContain(`Add ${apiName} to NO_PROXY`);
    expect(verdict.reachable).toBe(false);
  });
});

group('an address', () => {
  const issued = (issue: () => Promise<{ cert: string; key: string }>): Listener => ({
    kind: 'tls',
    issue,
  });
  const cases: [string, Listener, string, RegExp][] = [
    ['that refuses', nobody, 'Refused', /is refused/],
    ['that takes the connection and is silent', silence, 'NotTls', /nothing comes back/],
    ['that hangs up', hangUp, 'NotTls', /ECONNRESET|closed/],
    ['that speaks plain HTTP', plainHttp, 'Proxy', /plain HTTP/],
    [
      'with the certificate of an inspecting proxy',
      issued(() => inspector.issue(good)),
      'Proxy',
      /is of Corporate Inspection, which nobody here trusts/,
    ],
    [
      'with a certificate for another name',
      issued(() => amazon.issue({ names: ['load-balancer.example.com'] })),
      'WrongName',
      /is for DNS:load-balancer\.example\.com, not for api\.sagemaker/,
    ],
    [
      'with a certificate whose time is over',
      issued(() => amazon.issue({ ...good, validDays: -1 })),
      'Expired',
      /not valid now/,
    ],
  ];
  test.each(cases)('%s is not reachable', async (_, listener, outcome, message) => {
    const verdict = await verify({ listeners: [sageMaker, listener] });
    expect(outcomes(verdict)).toEqual({ names: bothPrivate, addresses: ['Reachable', outcome] });
    expect(verdict.reachable).toBe(false);
    const [, bad] = verdict.endpoints[0]?.addresses ?? [];
    expect(bad?.message).toMatch(message);
    expect(bad?.advice).toMatch(/^[A-Z].{30,}\.$/);
  });

  test("with Amazon's certificate is untrusted where Amazon's root is not there", async () => {
    const verdict = await verify({ options: { authorities: inspector.cert } });
    expect(outcomes(verdict).addresses).toEqual(['Untrusted', 'Untrusted']);
    expect(verdict.endpoints[0]?.addresses[0]?.message).toContain('Amazon RSA 2048 M02');
  });

  test('that refuses a pod which the policy selects is for the policy to allow', async () => {
    const options = { isSelected: true };
    const verdict = await verify({ listeners: [nobody, nobody], options });
    expect(outcomes(verdict).addresses).toEqual(['Policy', 'Policy']);
  });
});

group('an address that nothing answers at', () => {
  let port: number;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    ({ port, stop } = await swallowingPort());
  });
  afterAll(() => stop());

  async function verifySwallowed(isSelected: boolean): Promise<LinkVerdict> {
    return verifyLink(linkWith(apiEndpoint(port, { dnsNames: [apiName] })), {
      resolve: async () => ({ kind: 'Addresses', addresses: [first] }),
      proxyFor: () => undefined,
      timeoutMs: 300,
      isSelected,
      forbidden: [{ address: first, port }],
    });
  }

  test('is timed out, and not open where it must not be', async () => {
    const { endpoints, shut } = await verifySwallowed(false);
    const [swallowed] = endpoints[0]?.addresses ?? [];
    expect(swallowed).toMatchObject({ outcome: 'TimedOut' });
    expect(swallowed?.advice).toContain('spec.securityGroup.ingress');
    expect(shut).toMatchObject([{ outcome: 'Shut' }]);
  });

  test('is for the policy to allow, in a pod which the policy selects', async () => {
    const { endpoints } = await verifySwallowed(true);
    expect(endpoints[0]?.addresses[0]).toMatchObject({ outcome: 'Policy' });
  });
});

/**
 * A port that answers no SYN: its queue of connections that nobody accepts is full. The process that
 * owns it sleeps.
 */
async function swallowingPort() {
  const program = `const server = require('node:net').createServer();
    server.listen({ port: 0, host: '${first}', backlog: 1 }, () => {
      process.stdout.write(String(server.address().port), () => process.kill(process.pid, 'SIGSTOP'));
    });`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(text.toString());
  const fillers: Socket[] = [];
  for (;;) {
    const filler = connect({ host: first, port }).on('error', () => undefined);
    fillers.push(filler);
    const isIn = await Promise.race([once(filler, 'connect').then(() => true), sleep(500, false)]);
    if (!isIn) break;
  }
  return {
    port,
    async stop() {
      for (const filler of fillers) filler.destroy();
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

group('an address that must not answer', () => {
  test('is open where it does', async () => {
    const servers = await listen([silence, nobody]);
    try {
      const forbidden = addresses.map((address) => ({ address, port: servers.port }));
      const verdict = await verify({ options: { forbidden, isSelected: true } });
      expect(verdict.shut).toMatchObject([
        { address: first, outcome: 'Open', advice: expect.stringContaining('policies add up') },
        { address: second, outcome: 'Shut' },
      ]);
      expect(verdict.reachable).toBe(false);
      const shut = { forbidden: forbidden.slice(1), isSelected: true };
      expect((await verify({ options: shut })).reachable).toBe(true);
    } finally {
      await servers.close();
    }
  });
});
