import { describe as group, expect, test } from '@jest/globals';
import {
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
  DescribeVpcEndpointServicesCommand,
  type ServiceDetail,
} from '@aws-sdk/client-ec2';
import { createEndpoint, inAws, refusalOf, type SimulatedAws } from '../../simulated-aws.ts';

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

group('services differ from region to region and from partition to partition:', () => {
  const sageMaker = async ({ ec2Client }: SimulatedAws, region: string) => {
    const Filters = [{ Name: 'service-name', Values: ['*sagemaker*'] }];
    const command = new DescribeVpcEndpointServicesCommand({ Filters });
    const { ServiceNames = [] } = await ec2Client({ region }).send(command);
    return ServiceNames.map((name) => name.replace(region, 'R')).toSorted();
  };
  const cases: readonly (readonly [string, readonly string[]])[] = [
    [
      'cn-north-1',
      [
        'aws.sagemaker.R.notebook',
        'aws.sagemaker.R.studio',
        'cn.com.amazonaws.R.sagemaker.api',
        'cn.com.amazonaws.R.sagemaker.featurestore-runtime',
        'cn.com.amazonaws.R.sagemaker.runtime',
        'com.amazonaws.R.sagemaker.metrics',
      ],
    ],
    [
      'us-iso-east-1',
      [
        'com.amazonaws.R.sagemaker.metrics',
        'gov.ic.c2s.R.sagemaker.api',
        'gov.ic.c2s.R.sagemaker.runtime',
      ],
    ],
    [
      'us-isob-east-1',
      [
        'com.amazonaws.R.sagemaker.metrics',
        'gov.sgov.sc2s.R.sagemaker.api',
        'gov.sgov.sc2s.R.sagemaker.runtime',
      ],
    ],
    [
      'eusc-de-east-1',
      [
        'com.amazonaws.R.sagemaker.api',
        'com.amazonaws.R.sagemaker.metrics',
        'com.amazonaws.R.sagemaker.runtime',
      ],
    ],
    ['us-iso-west-1', []],
  ];
  for (const [region, names] of cases) {
    test(
      region,
      inAws(async (aws) => expect(await sageMaker(aws, region)).toEqual(names)),
    );
  }

  test(
    'FIPS is in North America, geospatial in one region',
    inAws(async (aws) => {
      const special = async (region: string) =>
        (await sageMaker(aws, region)).filter((name) => /fips|geospatial/.test(name));
      expect(await special('eu-west-1')).toEqual([]);
      expect(await special('ca-central-1')).toEqual([
        'com.amazonaws.R.sagemaker.api-fips',
        'com.amazonaws.R.sagemaker.featurestore-runtime-fips',
      ]);
      expect(await special('us-west-2')).toContain('com.amazonaws.R.sagemaker-geospatial');
    }),
  );

  test(
    'names of hosts end in what the partition has',
    inAws(async (aws) => {
      const name = 'gov.ic.c2s.us-iso-east-1.sagemaker.api';
      const { PrivateDnsName } = (await service(aws, 'us-iso-east-1', name)) ?? {};
      expect(PrivateDnsName).toBe('api.sagemaker.us-iso-east-1.c2s.ic.gov');
    }),
  );
});

test(
  'S3 has a service for gateways and one for interfaces, with one name',
  inAws(
    async (aws) => {
      const name = 'com.amazonaws.us-east-1.s3';
      const command = new DescribeVpcEndpointServicesCommand({ ServiceNames: [name] });
      const { ServiceNames, ServiceDetails = [] } = await aws.ec2.send(command);
      expect(ServiceNames).toEqual([name]);
      const types = ServiceDetails.map(({ ServiceType }) => ServiceType?.[0]?.ServiceType);
      expect(types).toEqual(['Gateway', 'Interface']);
      const asGateway = { ServiceName: name, VpcEndpointType: 'Gateway' as const, SubnetIds: [] };
      const RouteTableIds = ['rtb-0123456789abcdef0'];
      const gateway = await createEndpoint(aws, { ...asGateway, RouteTableIds });
      expect(gateway).toMatchObject({ VpcEndpointType: 'Gateway', RouteTableIds });
      const asInterface = { ServiceName: name, VpcEndpointType: 'Interface' } as const;
      const { DnsEntries } = await createEndpoint(aws, asInterface);
      expect(DnsEntries?.[0]?.DnsName).toMatch(/\.s3\.us-east-1\.vpce\.amazonaws\.com$/);
      const wrong = [
        createEndpoint(aws, { ...asInterface, RouteTableIds }),
        createEndpoint(aws, { ...asGateway, PrivateDnsEnabled: true }),
      ];
      for (const call of wrong) expect((await refusalOf(call)).code).toBe('InvalidParameter');
      const named = createEndpoint(aws, { ...asInterface, PrivateDnsEnabled: true });
      expect((await refusalOf(named)).code).toBe('SimulatorUnsupported');
    },
    { throttling: false },
  ),
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
