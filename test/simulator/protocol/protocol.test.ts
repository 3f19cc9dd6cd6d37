import { describe as group, expect, test } from '@jest/globals';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { post } from '../raw-request.ts';
import { inAws } from '../simulated-aws.ts';

test(
  'EC2 answers in its namespace with the request id as an element',
  inAws(async (aws) => {
    const { status, body } = await post(aws, { Action: 'DescribeVpcs' });
    expect(status).toBe(200);
    expect(body).toMatch(
      /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<DescribeVpcsResponse xmlns="http:\/\/ec2\.amazonaws\.com\/doc\/2016-11-15\/"><requestId>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}<\/requestId><vpcSet><item>/,
    );
  }),
);

test(
  "EC2's errors have its own envelope",
  inAws(async (aws) => {
    const { status, body } = await post(aws, { Action: 'DeleteVpc', VpcId: 'vpc-<&>' });
    expect(status).toBe(400);
    expect(body).toMatch(
      /<Response><Errors><Error><Code>InvalidVpcID\.Malformed<\/Code><Message>[^<>]*vpc-&lt;&amp;&gt;[^<>]*<\/Message><\/Error><\/Errors><RequestID>[\w-]+<\/RequestID><\/Response>$/,
    );
  }),
);

test(
  "IAM's answers are wrapped in a result, and its errors in another envelope",
  inAws(async (aws) => {
    const { body } = await post(aws, { Action: 'ListRoles' }, 'iam');
    expect(body).toMatch(
      /<ListRolesResponse xmlns="https:\/\/iam\.amazonaws\.com\/doc\/2010-05-08\/"><ListRolesResult><Roles><\/Roles><IsTruncated>false<\/IsTruncated><\/ListRolesResult><ResponseMetadata><RequestId>/,
    );
    const missing = await post(aws, { Action: 'GetRole', RoleName: 'x' }, 'iam');
    expect(missing.status).toBe(404);
    expect(missing.body).toMatch(
      /<ErrorResponse xmlns=.*><Error><Type>Sender<\/Type><Code>NoSuchEntity<\/Code><Message>.*<\/Message><\/Error><RequestId>/,
    );
  }),
);

test(
  'a request without a credential scope goes to the service of its version',
  inAws(async (aws) => {
    const { status, body } = await post(aws, { Action: 'GetCallerIdentity' }, 'sts', '');
    expect(status).toBe(403);
    expect(body).toContain('<Code>MissingAuthenticationToken</Code>');
  }),
);

group('AWS refuses', () => {
  const cases = [
    ['an action that nobody has', { Action: 'RunVpcs' }, 400, 'InvalidAction'],
    ['a name that every object has', { Action: 'toString' }, 400, 'InvalidAction'],
    ['a request without an action', {}, 400, 'MissingAction'],
    ['a version that never was', { Action: 'DescribeVpcs', Version: '1' }, 400, 'NoSuchVersion'],
    ['no version', { Action: 'DescribeVpcs', Version: '' }, 400, 'MissingParameter'],
    ['a missing parameter', { Action: 'DeleteVpc' }, 400, 'MissingParameter'],
    [
      'a parameter that is not understood, where ignoring it would be a lie',
      { Action: 'DescribeVpcs', Colour: 'red' },
      400,
      'UnknownParameter',
    ],
    [
      'a boolean that is none',
      { Action: 'DescribeVpcs', DryRun: 'perhaps' },
      400,
      'InvalidParameterValue',
    ],
    [
      'a number that is none',
      { Action: 'DescribeVpcs', MaxResults: 'many' },
      400,
      'InvalidParameterValue',
    ],
  ] as const;
  for (const [name, parameters, status, code] of cases) {
    test(
      name,
      inAws(async (aws) => {
        const answer = await post(aws, parameters);
        expect(answer.status).toBe(status);
        expect(answer.body).toContain(`<Code>${code}</Code>`);
      }),
    );
  }

  test(
    'a request to EC2 without a signature',
    inAws(async (aws) => {
      const { status, body } = await post(aws, { Action: 'DescribeVpcs' }, 'ec2', '');
      expect(status).toBe(400);
      expect(body).toContain('<Code>MissingParameter</Code>');
      expect(body).toContain('must contain the parameter AWSAccessKeyId');
    }),
  );

  test(
    'a missing parameter of IAM in the words of IAM',
    inAws(async (aws) => {
      const { body } = await post(aws, { Action: 'GetRole' }, 'iam');
      expect(body).toMatch(/<Code>ValidationError<.*Value at &apos;roleName&apos; failed/);
    }),
  );
});

group('a gap of the simulator is never a verdict of AWS:', () => {
  const cases = [
    ['an action', { Action: 'RunInstances' }, 'The action RunInstances of ec2'],
    [
      'a parameter',
      { Action: 'CreateVpc', CidrBlock: '10.0.0.0/16', Ipv4IpamPoolId: 'ipam-pool-0' },
      'The parameter Ipv4IpamPoolId of CreateVpc',
    ],
    [
      'a parameter inside of another',
      {
        Action: 'ModifyVpcEndpoint',
        VpcEndpointId: 'vpce-0123456789abcdef0',
        'DnsOptions.PrivateDnsPreference': 'ALL_DOMAINS',
      },
      'The parameter DnsOptions.PrivateDnsPreference of ModifyVpcEndpoint',
    ],
    [
      'an older version of the API',
      { Action: 'DescribeVpcs', Version: '2014-06-15' },
      'The version 2014-06-15 of ec2',
    ],
  ] as const;
  for (const [name, parameters, what] of cases) {
    test(
      name,
      inAws(async (aws) => {
        const before = aws.home.vpcs().length;
        const { status, body } = await post(aws, parameters);
        expect({ status, body }).toMatchObject({
          status: 501,
          body: expect.stringContaining('<Code>SimulatorUnsupported</Code>'),
        });
        expect(body).toContain(`${what} is not simulated. AWS may well accept it.`);
        expect(aws.home.vpcs()).toHaveLength(before);
      }),
    );
  }

  test(
    'an action of IAM and of STS',
    inAws(async (aws) => {
      const iam = await post(aws, { Action: 'CreateSAMLProvider' }, 'iam');
      expect(iam.body).toContain('The action CreateSAMLProvider of iam is not simulated');
      const sts = await post(aws, { Action: 'GetFederationToken' }, 'sts');
      expect(sts.body).toContain('<Code>SimulatorUnsupported</Code>');
      const nobody = await post(aws, { Action: 'CreateRolls' }, 'iam');
      expect(nobody.body).toContain('Could not find operation CreateRolls for version 2010-05-08');
      const none = await post(aws, { Action: 'ListRoles', Version: '' }, 'iam');
      expect(none.body).toContain('operation ListRoles for version NO_VERSION_SPECIFIED');
      const never = await post(aws, { Action: 'ListRoles', Version: '2009-01-01' }, 'iam');
      expect(never.body).toContain('Could not find operation ListRoles for version 2009-01-01');
    }),
  );

  test(
    'a parameter that AWS does not have, inside of another',
    inAws(async (aws) => {
      const { body } = await post(aws, {
        Action: 'AuthorizeSecurityGroupIngress',
        GroupId: 'sg-0123456789abcdef0',
        'IpPermissions.1.IpRanges.1.Colour': 'red',
      });
      expect(body).toMatch(/<Code>UnknownParameter<.*IpPermissions\.1\.IpRanges\.1\.Colour/);
    }),
  );
});

test(
  'the id of a request is in the header as well',
  inAws(async ({ simulator, ec2 }) => {
    const { $metadata } = await ec2.send(new DescribeVpcsCommand({}));
    expect($metadata.requestId).toMatch(/^[0-9a-f]{8}-/);
    const response = await fetch(simulator.url);
    const body = await response.text();
    expect(body).toContain(`<RequestID>${response.headers.get('x-amzn-requestid')}</RequestID>`);
  }),
);

test(
  'parameters may come in the query of a GET',
  inAws(async ({ simulator }) => {
    const scope = encodeURIComponent('test/20260101/eu-west-1/ec2/aws4_request');
    const response = await fetch(
      `${simulator.url}/?Action=DescribeRegions&Version=2016-11-15&X-Amz-Credential=${scope}`,
    );
    expect(await response.text()).toContain('<regionName>eu-west-1</regionName>');
    expect(simulator.calls()).toMatchObject([{ region: 'eu-west-1' }]);
  }),
);

test(
  'lists keep the order of their numbers, not of their text',
  inAws(async (aws) => {
    const vpcs = Array.from({ length: 11 }, (_, i) =>
      aws.home.createVpc({ cidr: `10.${i}.0.0/16` }),
    );
    const ids = vpcs.map(({ id }, index) => [`VpcId.${index + 1}`, id] as const).reverse();
    const { body } = await post(aws, { Action: 'DescribeVpcs', ...Object.fromEntries(ids) });
    const found = [...body.matchAll(/<vpcId>(.*?)<\/vpcId>/g)].map(([, id]) => id);
    expect(found).toEqual(vpcs.map(({ id }) => id));
  }),
);
