import { expect, test } from '@jest/globals';
import { DescribeSubnetsCommand, type Filter } from '@aws-sdk/client-ec2';
import { inAws, refusalOf, type SimulatedAws } from '../simulated-aws.ts';

async function found({ ec2 }: SimulatedAws, ...Filters: Filter[]): Promise<unknown[]> {
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
  return Subnets.map(({ Tags }) => Tags?.[0]?.Value);
}

test(
  'asterisks and question marks stand for text, unless a backslash stands before them',
  inAws(async (aws) => {
    const { home, vpcId } = aws;
    const names = ['a*b', 'a?b', 'axb', 'axxb', 'a\\b'];
    for (const [index, name] of names.entries()) {
      home.createSubnet({ vpcId, cidr: `172.31.200.${index * 16}/28`, tags: { n: name } });
    }
    const named = (...Values: string[]) => found(aws, { Name: 'tag:n', Values });
    expect(await named('a*b')).toEqual(names);
    expect(await named('a?b')).toEqual(['a*b', 'a?b', 'axb', 'a\\b']);
    expect(await named('a\\*b')).toEqual(['a*b']);
    expect(await named('a\\?b', 'axxb')).toEqual(['a?b', 'axxb']);
    expect(await named('a\\\\b')).toEqual(['a\\b']);
  }),
);

test(
  'the limit of 200 values is one of the call, not of each filter',
  inAws(async (aws) => {
    const values = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);
    const both = (a: number, b: number) =>
      found(aws, { Name: 'tag:a', Values: values(a) }, { Name: 'tag:b', Values: values(b) });
    expect(await both(100, 100)).toEqual([]);
    expect(await refusalOf(both(101, 100))).toMatchObject({
      code: 'FilterLimitExceeded',
      message: 'The maximum number of filter values specified on a single call is 200',
    });
  }),
);

test(
  'older spellings are taken as well, and what every object has is no filter',
  inAws(async (aws) => {
    const { home, vpcId } = aws;
    home.createSubnet({ vpcId, cidr: '172.31.200.0/28', tags: { n: 'mine' } });
    expect(await found(aws, { Name: 'cidrBlock', Values: ['172.31.200.0/28'] })).toEqual(['mine']);
    const odd = await refusalOf(found(aws, { Name: 'constructor', Values: ['x'] }));
    expect(odd).toMatchObject({
      code: 'InvalidParameterValue',
      message: "The filter 'constructor' is invalid",
    });
  }),
);
