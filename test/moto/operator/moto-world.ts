/** Moto's world as others see it: changed and inspected by the AWS SDK, never by our own code. */
import {
  AuthorizeSecurityGroupIngressCommand,
  DeleteVpcEndpointsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type SecurityGroup,
  type SecurityGroupRule,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2';

const region = 'us-east-1';

export class MotoWorld {
  private readonly client: EC2Client;

  constructor(url: string) {
    const credentials = { accessKeyId: 'AKIAOTHER00000000000', secretAccessKey: 'not-a-secret' };
    this.client = new EC2Client({ region, endpoint: url, credentials });
  }

  /** A link into the default VPC with subnets of three zones. */
  async link(name: string, spec: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    const isDefault = [{ Name: 'is-default', Values: ['true'] }];
    const { Vpcs } = await this.client.send(new DescribeVpcsCommand({ Filters: isDefault }));
    const ofVpc = [{ Name: 'vpc-id', Values: [Vpcs?.[0]?.VpcId ?? ''] }];
    const { Subnets = [] } = await this.client.send(new DescribeSubnetsCommand({ Filters: ofVpc }));
    const ids = Subnets.flatMap(({ AvailabilityZone: zone, SubnetId: id }) =>
      ['us-east-1a', 'us-east-1b', 'us-east-1c'].includes(zone ?? '') ? (id ?? []) : [],
    );
    return {
      apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
      kind: 'SageMakerPrivateLink',
      metadata: { name },
      spec: {
        region,
        vpc: { id: Vpcs?.[0]?.VpcId },
        subnets: { ids },
        // moto ignores PrivateDnsEnabled of a modification.
        privateDNSAt: 'Creation',
        endpoints: [{ service: 'api' }, { service: 'runtime' }],
        sweepInterval: '10s',
        ...spec,
      },
    };
  }

  /** Moto describes deleted endpoints for ever. */
  async liveEndpoints(): Promise<readonly VpcEndpoint[]> {
    const { VpcEndpoints = [] } = await this.client.send(new DescribeVpcEndpointsCommand({}));
    return VpcEndpoints.filter(({ State }) => State?.toLowerCase() !== 'deleted');
  }

  async managedGroups(): Promise<readonly SecurityGroup[]> {
    const { SecurityGroups = [] } = await this.client.send(new DescribeSecurityGroupsCommand({}));
    return SecurityGroups.filter(({ GroupName }) =>
      GroupName?.startsWith('sagemaker-privatelink-'),
    );
  }

  async rules(groupId: string): Promise<readonly SecurityGroupRule[]> {
    const Filters = [{ Name: 'group-id', Values: [groupId] }];
    const command = new DescribeSecurityGroupRulesCommand({ Filters });
    return (await this.client.send(command)).SecurityGroupRules ?? [];
  }

  /** Somebody else takes an endpoint away. */
  async deleteEndpoint(id: string): Promise<void> {
    await this.client.send(new DeleteVpcEndpointsCommand({ VpcEndpointIds: [id] }));
  }

  /** Somebody else opens a group. */
  async openGroup(groupId: string, cidr: string, port: number): Promise<void> {
    const permission = { IpProtocol: 'tcp', FromPort: port, ToPort: port };
    const IpPermissions = [{ ...permission, IpRanges: [{ CidrIp: cidr }] }];
    await this.client.send(
      new AuthorizeSecurityGroupIngressCommand({ GroupId: groupId, IpPermissions }),
    );
  }

  close(): void {
    this.client.destroy();
  }
}
