import { describe as group, expect, test } from '@jest/globals';
import {
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
  DescribeVpcEndpointServicesCommand,
  type ServiceDetail,
} from '@aws-sdk/client-ec2';
import { inAws, refusalOf, type SimulatedAws } from './simulated-aws.ts';

async function service(
  { ec2Client }: SimulatedAws,
  region: string,
  name: string,
): Promise<ServiceDetail | undefined> {
  const command = new DescribeVpcEndpointServicesCommand({ ServiceNames: [name] });
  return (await ec2Client({ region }).send(command)).ServiceDetails?.[0];
}

interface CatalogueCase {
  readonly region: string;
  readonly name: string;
  readonly privateDnsNames: readonly string[];
}

/** From AWS's PrivateLink page, measured names, and the Public Suffix List for China. */
const catalogueCases: readonly CatalogueCase[] = [
  {
    region: 'eu-west-1',
    name: 'com.amazonaws.eu-west-1.sagemaker.runtime',
    privateDnsNames: [
      'runtime.sagemaker.eu-west-1.amazonaws.com',
      'runtime.sagemaker.eu-west-1.api.aws',
    ],
  },
  {
    region: 'us-east-2',
    name: 'aws.sagemaker.us-east-2.notebook',
    privateDnsNames: ['*.notebook.us-east-2.sagemaker.aws'],
  },
  {
    region: 'us-east-1',
    name: 'aws.sagemaker.us-east-1.experiments',
    privateDnsNames: [
      'us-east-1.experiments.sagemaker.aws',
      '*.us-east-1.experiments.sagemaker.aws',
    ],
  },
  {
    region: 'cn-north-1',
    name: 'cn.com.amazonaws.cn-north-1.sagemaker.api',
    privateDnsNames: [
      'api.sagemaker.cn-north-1.amazonaws.com.cn',
      'api.sagemaker.cn-north-1.api.amazonwebservices.com.cn',
    ],
  },
  {
    region: 'cn-north-1',
    name: 'aws.sagemaker.cn-north-1.notebook',
    privateDnsNames: ['*.notebook.cn-north-1.sagemaker.com.cn'],
  },
  {
    region: 'us-gov-west-1',
    name: 'com.amazonaws.us-gov-west-1.sagemaker.api-fips',
    privateDnsNames: ['api-fips.sagemaker.us-gov-west-1.amazonaws.com'],
  },
];

group('the service catalogue knows', () => {
  for (const { region, name, privateDnsNames } of catalogueCases) {
    test(
      name,
      inAws(async (aws) => {
        const found = await service(aws, region, name);
        expect(found).toMatchObject({
          ServiceName: name,
          ServiceType: [{ ServiceType: 'Interface' }],
          PrivateDnsName: privateDnsNames[0],
          AcceptanceRequired: false,
          Owner: 'amazon',
        });
        const names = found?.PrivateDnsNames?.map(({ PrivateDnsName }) => PrivateDnsName);
        expect(names).toEqual(privateDnsNames);
      }),
    );
  }
});

test(
  'the notebook service is described as AWS describes it in us-east-2',
  inAws(async (aws) => {
    const found = await service(aws, 'us-east-2', 'aws.sagemaker.us-east-2.notebook');
    expect(found).toMatchObject({
      BaseEndpointDnsNames: ['notebook.us-east-2.vpce.sagemaker.aws'],
      VpcEndpointPolicySupported: true,
      SupportedIpAddressTypes: ['ipv4'],
      AvailabilityZones: ['us-east-2a', 'us-east-2b', 'us-east-2c'],
    });
  }),
);

test(
  'runtime-fips does not support endpoint policies',
  inAws(async (aws) => {
    const name = 'com.amazonaws.us-east-1.sagemaker.runtime-fips';
    expect((await service(aws, 'us-east-1', name))?.VpcEndpointPolicySupported).toBe(false);
  }),
);

test(
  'every SageMaker service of the PrivateLink page is there',
  inAws(async ({ ec2 }) => {
    const command = new DescribeVpcEndpointServicesCommand({
      Filters: [{ Name: 'service-name', Values: ['*sagemaker*'] }],
    });
    const { ServiceNames } = await ec2.send(command);
    expect(ServiceNames?.toSorted()).toEqual([
      'aws.sagemaker.us-east-1.experiments',
      'aws.sagemaker.us-east-1.mlflow',
      'aws.sagemaker.us-east-1.notebook',
      'aws.sagemaker.us-east-1.partner-app',
      'aws.sagemaker.us-east-1.studio',
      'com.amazonaws.us-east-1.sagemaker-data-science-assistant',
      'com.amazonaws.us-east-1.sagemaker-geospatial',
      'com.amazonaws.us-east-1.sagemaker.api',
      'com.amazonaws.us-east-1.sagemaker.api-fips',
      'com.amazonaws.us-east-1.sagemaker.featurestore-runtime',
      'com.amazonaws.us-east-1.sagemaker.featurestore-runtime-fips',
      'com.amazonaws.us-east-1.sagemaker.metrics',
      'com.amazonaws.us-east-1.sagemaker.runtime',
      'com.amazonaws.us-east-1.sagemaker.runtime-fips',
    ]);
  }),
);

test(
  'IAM has an endpoint service in one region of a partition only',
  inAws(async (aws) => {
    expect(await service(aws, 'us-east-1', 'com.amazonaws.iam')).toBeDefined();
    const elsewhere = service(aws, 'eu-west-1', 'com.amazonaws.iam');
    expect((await refusalOf(elsewhere)).code).toBe('InvalidServiceName');
  }),
);

test(
  'services can be filtered by owner, type, region and address type, and come in pages',
  inAws(async ({ ec2 }) => {
    const names = async (Name: string, Value: string) => {
      const Filters = [{ Name, Values: [Value] }];
      return (await ec2.send(new DescribeVpcEndpointServicesCommand({ Filters }))).ServiceNames;
    };
    expect(await names('service-type', 'Gateway')).toEqual([
      'com.amazonaws.us-east-1.s3',
      'com.amazonaws.us-east-1.dynamodb',
    ]);
    expect(await names('owner', 'nobody')).toEqual([]);
    expect(await names('supported-ip-address-types', 'ipv6')).toContain(
      'aws.sagemaker.us-east-1.partner-app',
    );
    const first = await ec2.send(new DescribeVpcEndpointServicesCommand({ MaxResults: 1 }));
    expect(first.ServiceDetails).toHaveLength(1);
    expect(first.NextToken).toBeDefined();
  }),
);

test(
  'a zone that a service is not in is missing from its zones',
  inAws(async (aws) => {
    const name = 'aws.sagemaker.us-east-1.studio';
    aws.home.setServiceZones(name, ['us-east-1b']);
    const found = await service(aws, 'us-east-1', name);
    expect(found?.AvailabilityZones).toEqual(['us-east-1b']);
    expect(found?.AvailabilityZoneIds).toHaveLength(1);
  }),
);

test(
  'a service that was removed is unknown',
  inAws(async (aws) => {
    const name = 'aws.sagemaker.us-east-1.studio';
    aws.home.removeService(name);
    const { code } = await refusalOf(service(aws, 'us-east-1', name));
    expect(code).toBe('InvalidServiceName');
  }),
);

test(
  'zone names are each account its own mapping of zone ids',
  inAws(async ({ ec2Client }) => {
    const idsOf = async (accessKeyId: string) => {
      const client = ec2Client({ accessKeyId });
      const { AvailabilityZones } = await client.send(new DescribeAvailabilityZonesCommand({}));
      return AvailabilityZones?.map(({ ZoneId }) => ZoneId);
    };
    const mappings = await Promise.all(
      ['111111111111', '222222222222', '333333333333', '444444444444'].map(idsOf),
    );
    for (const ids of mappings) {
      expect(ids?.toSorted()).toEqual(['use1-az1', 'use1-az2', 'use1-az3']);
    }
    expect(new Set(mappings.map(String)).size).toBeGreaterThan(1);
  }),
);

test(
  'regions are those of the partition',
  inAws(async ({ ec2Client }) => {
    const china = ec2Client({ region: 'cn-north-1' });
    const { Regions } = await china.send(new DescribeRegionsCommand({}));
    expect(Regions?.map(({ RegionName }) => RegionName)).toEqual(['cn-north-1', 'cn-northwest-1']);
    expect(Regions?.[0]?.Endpoint).toBe('ec2.cn-north-1.amazonaws.com.cn');
  }),
);
