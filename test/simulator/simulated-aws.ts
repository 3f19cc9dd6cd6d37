import {
  type CreateVpcEndpointCommandInput,
  CreateVpcEndpointCommand,
  DescribeVpcEndpointsCommand,
  EC2Client,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { IAMClient } from '@aws-sdk/client-iam';
import { type VirtualClock, virtualClock } from '../../src/simulator/clock.ts';
import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import type { SimulatorOptions } from '../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';

export const homeRegion = 'us-east-1';
export const apiService = 'com.amazonaws.us-east-1.sagemaker.api';
export const minuteMs = 60_000;

export interface ClientOptions {
  readonly region?: string;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

/** A simulator whose clock stands still, and clients of the real SDK that never retry. */
export interface SimulatedAws {
  readonly simulator: Simulator;
  readonly clock: VirtualClock;
  readonly ec2: EC2Client;
  readonly iam: IAMClient;
  /** us-east-1 of the default account. */
  readonly home: RegionControl;
  readonly vpcId: string;
  /** Of the default VPC, one in each zone, in the order of the zones. */
  readonly subnetIds: readonly string[];
  ec2Client(options?: ClientOptions): EC2Client;
  iamClient(options?: ClientOptions): IAMClient;
}

/** The body of a test with a simulated AWS of its own. */
export function inAws(
  body: (aws: SimulatedAws) => Promise<void>,
  options: SimulatorOptions = {},
): () => Promise<void> {
  return async () => {
    const clock = virtualClock();
    const simulator = await startSimulator({ clock, ...options });
    const clients: { destroy(): void }[] = [];
    function opened<T extends { destroy(): void }>(client: T): T {
      clients.push(client);
      return client;
    }
    const configuration = (given: ClientOptions = {}) => ({
      endpoint: simulator.url,
      region: given.region ?? homeRegion,
      maxAttempts: 1,
      credentials: {
        accessKeyId: given.accessKeyId ?? 'AKIAIOSFODNN7EXAMPLE',
        secretAccessKey: given.secretAccessKey ?? 'secret',
        ...(given.sessionToken === undefined ? {} : { sessionToken: given.sessionToken }),
      },
    });
    const ec2Client = (given?: ClientOptions) => opened(new EC2Client(configuration(given)));
    const iamClient = (given?: ClientOptions) => opened(new IAMClient(configuration(given)));
    const home = simulator.world.region(homeRegion);
    const vpcId = home.defaultVpc().id;
    const subnetIds = home.subnets(vpcId).map(({ id }) => id);
    const ec2 = ec2Client();
    const iam = iamClient();
    try {
      await body({
        simulator,
        clock,
        ec2,
        iam,
        home,
        vpcId,
        subnetIds,
        ec2Client,
        iamClient,
      });
    } finally {
      for (const client of clients) client.destroy();
      await simulator.close();
    }
  };
}

/** An endpoint for the SageMaker API in the default VPC, unless told otherwise. */
export async function createEndpoint(
  { ec2, vpcId, subnetIds }: SimulatedAws,
  given: Partial<CreateVpcEndpointCommandInput> = {},
): Promise<VpcEndpoint & { readonly VpcEndpointId: string }> {
  const { VpcEndpoint } = await ec2.send(
    new CreateVpcEndpointCommand({
      VpcEndpointType: 'Interface',
      VpcId: vpcId,
      ServiceName: apiService,
      SubnetIds: [...subnetIds],
      PrivateDnsEnabled: false,
      ...given,
    }),
  );
  return { ...VpcEndpoint, VpcEndpointId: VpcEndpoint?.VpcEndpointId ?? '' };
}

/** The endpoint as AWS describes it now. Rejects when AWS says that it does not exist. */
export async function describe(
  { ec2 }: Pick<SimulatedAws, 'ec2'>,
  endpointId: string,
): Promise<VpcEndpoint> {
  const input = { VpcEndpointIds: [endpointId] };
  const { VpcEndpoints = [] } = await ec2.send(new DescribeVpcEndpointsCommand(input));
  const [endpoint] = VpcEndpoints;
  if (endpoint === undefined) throw new Error(`AWS described no endpoint for ${endpointId}.`);
  return endpoint;
}

/** An error as the wire carries it. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly httpStatus: number | undefined;
}

/** What AWS refused a call with. Throws when it did not. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) throw new Error('The call was expected to be refused.');
  const { Code, $metadata } = error as Error & {
    readonly Code?: string;
    readonly $metadata?: { readonly httpStatusCode?: number };
  };
  const httpStatus = $metadata?.httpStatusCode;
  return { code: Code ?? error.name, message: error.message, httpStatus };
}
