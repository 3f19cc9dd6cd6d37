/** The settings of a namespace's ConfigMap, in programs that nobody here wrote. */
import { afterAll, beforeAll, describe as group, expect, test } from '@jest/globals';
import { DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clientSettings,
  wantedConfigMap,
} from '../../../src/plan/clients/config-map/wanted-config-map.ts';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import {
  type CertificateAuthority,
  createCertificateAuthority,
} from '../../environment/certificates.ts';
import { ensurePythonEnvironment } from '../../environment/python.ts';
import { runProgram } from '../../environment/run-program.ts';
import { startTlsFront, type TlsFront } from '../../environment/tls-front.ts';

const region = 'us-east-1';
const clients = import.meta.dirname;
const parts = ['api', 'runtime'] as const;
const publicNames = parts.map((part) => `${part}.sagemaker.${region}.amazonaws.com`);
const certified = [
  ...publicNames,
  ...parts.map((part) => `*.${part}.sagemaker.${region}.vpce.amazonaws.com`),
];

let folder: string;
let authority: CertificateAuthority;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'client-settings-'));
  authority = await createCertificateAuthority();
  await writeFile(join(folder, 'authority.pem'), authority.cert);
});

afterAll(() => rm(folder, { recursive: true }));

/** A VPC with the two endpoints, and what its resolver knows. */
interface Network {
  readonly simulator: Simulator;
  readonly front: TlsFront;
  readonly endpointIds: readonly string[];
  /** The names that a link's status has in its URLs, of the API and of the runtime. */
  readonly hosts: readonly string[];
  /** All names that lead to the endpoints from inside of the VPC. */
  readonly resolvable: readonly string[];
}

async function inNetwork(
  hasPrivateDns: boolean,
  body: (network: Network) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ pendingMs: 0 });
  const front = await startTlsFront(
    await authority.issue({ names: certified }),
    Number(new URL(simulator.url).port),
  );
  try {
    const sageMaker = simulator.world.sageMaker(region);
    sageMaker.addNotebookInstance({ name: 'research' });
    const predict = (input: Uint8Array) => Buffer.from(`churn of ${Buffer.from(input)}`);
    sageMaker.addInferenceEndpoint({ name: 'churn', predict });
    const endpoints = await createEndpoints(simulator, hasPrivateDns);
    const ownNames = endpoints.map(({ name }) => name);
    const home = simulator.world.region(region);
    const isPrivate = (name: string) => home.resolve(home.defaultVpc().id, name)?.isServing;
    await body({
      simulator,
      front,
      endpointIds: endpoints.map(({ id }) => id),
      hosts: hasPrivateDns ? publicNames : ownNames,
      resolvable: [...ownNames, ...publicNames.filter(isPrivate)],
    });
  } finally {
    await front.close();
    await simulator.close();
  }
}

async function createEndpoints({ world, url }: Simulator, hasPrivateDns: boolean) {
  const home = world.region(region);
  const vpcId = home.defaultVpc().id;
  for (const part of parts) {
    home.run('CreateVpcEndpoint', {
      VpcEndpointType: 'Interface',
      VpcId: vpcId,
      ServiceName: `com.amazonaws.${region}.sagemaker.${part}`,
      'SubnetId.1': home.subnets(vpcId)[0]?.id ?? '',
      PrivateDnsEnabled: String(hasPrivateDns),
    });
  }
  const credentials = { accessKeyId: 'AKIATEST000000000000', secretAccessKey: 'secret' };
  const ec2 = new EC2Client({ endpoint: url, region, credentials });
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand({}));
  ec2.destroy();
  return VpcEndpoints.map(({ VpcEndpointId: id = '', DnsEntries: entries = [] }) => ({
    id,
    name: entries[0]?.DnsName ?? '',
  }));
}

/** The ConfigMap of a link whose status has these hosts in its URLs. */
function settingsFor(hosts: readonly string[]): Record<string, string> {
  const endpoints = parts.map((service, index) => ({
    service,
    serviceName: `com.amazonaws.${region}.sagemaker.${service}`,
    url: `https://${hosts[index]}`,
  }));
  const { settings, unknown } = clientSettings({
    spec: { region, endpoints: parts.map((service) => ({ service })) },
    status: { endpoints },
  } as unknown as SageMakerPrivateLink);
  expect(unknown).toEqual([]);
  return wantedConfigMap(settings);
}

/** The variables of a pod that takes the ConfigMap with `envFrom`. */
function asVariables(data: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).filter(([name]) => /^\w+$/.test(name)));
}

/** The variable of a pod that mounts the ConfigMap and names the file. */
async function asFile(data: Record<string, string>): Promise<Record<string, string>> {
  const file = join(folder, 'config');
  await writeFile(file, data['aws-config'] ?? '');
  return { AWS_CONFIG_FILE: file };
}

interface Heard {
  readonly answer: unknown;
  readonly namesAsked: readonly string[];
}

type Client = (network: Network, settings: Record<string, string>) => Promise<Heard>;

/** Runs a program whose network is the VPC alone. */
async function run(
  { front, resolvable }: Network,
  settings: Record<string, string>,
  command: string,
  args: readonly string[],
): Promise<{ readonly stdout: string; readonly namesAsked: readonly string[] }> {
  const asked = join(folder, 'asked');
  await writeFile(asked, '');
  const {
    AWS_ENDPOINT_URL: _,
    AWS_REGION: __,
    AWS_DEFAULT_REGION: ___,
    ...own
  } = awsClientEnvironment('none');
  const env = {
    ...own,
    ...settings,
    ONLY_NAMES: JSON.stringify(Object.fromEntries(resolvable.map((name) => [name, front.port]))),
    NAMES_ASKED: asked,
    PYTHONPATH: join(clients, 'only-names'),
    AWS_CA_BUNDLE: join(folder, 'authority.pem'),
    NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'),
  };
  const { exitCode, stdout, stderr } = await runProgram(command, args, { env });
  const namesAsked = (await readFile(asked, 'utf8')).split('\n').filter(Boolean);
  if (exitCode !== 0) throw new Error(`asked for ${namesAsked.join(', ')}:\n${stderr}`);
  return { stdout, namesAsked };
}

const boto3: Client = async (network, settings) => {
  const { python } = await ensurePythonEnvironment();
  const heard = await run(network, settings, python, [join(clients, 'sagemaker.py')]);
  return { answer: JSON.parse(heard.stdout), namesAsked: heard.namesAsked };
};

const sdkForJavaScript: Client = async (network, settings) => {
  const preloaded = ['--import', join(clients, 'only-names', 'only-names.mjs')];
  const program = [...preloaded, join(clients, 'sagemaker.mjs')];
  const heard = await run(network, settings, process.execPath, program);
  return { answer: JSON.parse(heard.stdout), namesAsked: heard.namesAsked };
};

const awsCli: Client = async (network, settings) => {
  const { aws } = await ensurePythonEnvironment();
  const cli = (...args: string[]) => run(network, settings, aws, ['--output', 'json', ...args]);
  const listed = await cli('sagemaker', 'list-notebook-instances');
  const outfile = join(folder, 'prediction');
  const given = ['--endpoint-name', 'churn', '--body', '1,2', '--content-type', 'text/csv'];
  const invoked = await cli('sagemaker-runtime', 'invoke-endpoint', ...given, outfile);
  const { NotebookInstances } = JSON.parse(listed.stdout) as {
    NotebookInstances: { NotebookInstanceName: string }[];
  };
  const notebooks = NotebookInstances.map((one) => one.NotebookInstanceName);
  const prediction = await readFile(outfile, 'utf8');
  return {
    answer: { notebooks, prediction },
    namesAsked: [...listed.namesAsked, ...invoked.namesAsked],
  };
};

const programs: [string, Client][] = [
  ['boto3', boto3],
  ['the AWS CLI', awsCli],
  ['the AWS SDK for JavaScript', sdkForJavaScript],
];

const behindProxy = { HTTPS_PROXY: 'http://proxy.example.com:3128' };

group.each(programs)('%s', (_, client) => {
  const ways = [
    ['the variables', false, asVariables],
    ['the variables and private DNS', true, asVariables],
    ['the config file', false, asFile],
  ] as const;
  test.each(ways)('reaches the endpoints by %s, and asks for nothing else', (_, isPrivate, ask) =>
    inNetwork(isPrivate, async (network) => {
      const { answer, namesAsked } = await client(network, await ask(settingsFor(network.hosts)));
      expect(answer).toEqual({ notebooks: ['research'], prediction: 'churn of 1,2' });
      expect([...new Set(namesAsked)]).toEqual(network.hosts);
      const calls = network.simulator.calls().filter(({ service }) => service !== 'ec2');
      const [api, runtime] = isPrivate ? [] : network.endpointIds;
      expect(calls).toMatchObject([
        { service: 'sagemaker', action: 'ListNotebookInstances', region, endpointId: api },
        { service: 'sagemaker-runtime', action: 'InvokeEndpoint', endpointId: runtime },
      ]);
    }),
  );

  test('reaches them past a proxy by the part for NO_PROXY', () =>
    inNetwork(false, async (network) => {
      const settings = asVariables(settingsFor(network.hosts));
      const proxied = {
        ...settings,
        ...behindProxy,
        NO_PROXY: settings['SAGEMAKER_NO_PROXY'] ?? '',
      };
      const { namesAsked } = await client(network, proxied);
      expect([...new Set(namesAsked)]).toEqual(network.hosts);
    }));

  test('refuses FIPS beside a URL, or dials the URL all the same', () =>
    inNetwork(false, async (network) => {
      const settings = asVariables(settingsFor(network.hosts));
      const heard = client(network, { ...settings, AWS_USE_FIPS_ENDPOINT: 'true' });
      // docs/clients.md says of each program which it is.
      if (client === sdkForJavaScript) {
        await expect(heard).rejects.toThrow('FIPS and custom endpoint are not supported');
      } else {
        expect([...new Set((await heard).namesAsked)]).toEqual(network.hosts);
      }
    }));

  const withoutUrls = asVariables(wantedConfigMap({ region, urls: {}, noProxy: [] }));

  test('without them asks for a public name, which leads nowhere', () =>
    inNetwork(false, async (network) => {
      await expect(client(network, withoutUrls)).rejects.toThrow(`asked for ${publicNames[0]}`);
      expect(network.simulator.calls().map(({ service }) => service)).not.toContain('sagemaker');
    }));
});

test('without the part for NO_PROXY boto3 asks the proxy', () =>
  inNetwork(false, async (network) => {
    const proxied = { ...asVariables(settingsFor(network.hosts)), ...behindProxy };
    await expect(boto3(network, proxied)).rejects.toThrow('asked for proxy.example.com');
  }));
