/** The VPCs of a benchmark and the links into them. */
import {
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
  ModifyVpcAttributeCommand,
} from '@aws-sdk/client-ec2';

const region = 'us-east-1';
const zones = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
/** AWS's default quota of interface endpoints per VPC is 50; a link has two. */
const linksPerVpc = 25;

export interface LinkWorldOptions {
  readonly links: number;
  readonly vpcs: number;
  /** Value of `spec.sweepInterval`. */
  readonly sweepInterval: string;
}

/** Links as they go to the API server. */
export interface LinkWorld {
  readonly objects: readonly object[];
  /** One link of each VPC: AWS gives a service's private name to one endpoint per VPC only. */
  readonly linksWithPrivateDns: number;
}

/** Makes VPCs of three subnets each, and spreads the links over them. */
export async function createLinkWorld(
  awsUrl: string,
  { links, vpcs, sweepInterval }: LinkWorldOptions,
): Promise<LinkWorld> {
  if (links > vpcs * linksPerVpc) {
    throw new RangeError(`${links} links need ${Math.ceil(links / linksPerVpc)} VPCs or more`);
  }
  const credentials = { accessKeyId: 'AKIABENCH00000000000', secretAccessKey: 'not-a-secret' };
  const client = new EC2Client({ region, endpoint: awsUrl, credentials });
  const networks: Network[] = [];
  for (let index = 0; index < vpcs; index += 1) networks.push(await createNetwork(client, index));
  client.destroy();
  const objects = Array.from({ length: links }, (_, index) => {
    const network = networks[index % vpcs];
    return linkObject(index, network, { privateDNS: index < vpcs, sweepInterval });
  });
  return { objects, linksWithPrivateDns: Math.min(links, vpcs) };
}

interface Network {
  readonly vpcId: string;
  readonly subnetIds: readonly string[];
}

async function createNetwork(client: EC2Client, index: number): Promise<Network> {
  // VPCs may have the same block.
  const CidrBlock = `10.${index % 256}.0.0/16`;
  const { Vpc: vpc } = await client.send(new CreateVpcCommand({ CidrBlock }));
  const VpcId = vpc?.VpcId ?? '';
  for (const attribute of ['EnableDnsSupport', 'EnableDnsHostnames'] as const) {
    // AWS takes one attribute per call.
    const input = { VpcId, [attribute]: { Value: true } };
    await client.send(new ModifyVpcAttributeCommand(input));
  }
  const subnetIds: string[] = [];
  for (const [number, AvailabilityZone] of zones.entries()) {
    const input = { VpcId, AvailabilityZone, CidrBlock: `10.${index % 256}.${number}.0/24` };
    const { Subnet: subnet } = await client.send(new CreateSubnetCommand(input));
    subnetIds.push(subnet?.SubnetId ?? '');
  }
  return { vpcId: VpcId, subnetIds };
}

function linkObject(
  index: number,
  network: Network | undefined,
  { privateDNS, sweepInterval }: { readonly privateDNS: boolean; readonly sweepInterval: string },
): object {
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name: `bench-${String(index).padStart(4, '0')}` },
    spec: {
      region,
      vpc: { id: network?.vpcId },
      subnets: { ids: network?.subnetIds },
      endpoints: [
        { service: 'api', privateDNS },
        { service: 'runtime', privateDNS },
      ],
      sweepInterval,
      // moto does not turn private DNS on later.
      privateDNSAt: 'Creation',
    },
  };
}
