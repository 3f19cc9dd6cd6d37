/** Filters by AWS's reference: every documented one is taken, and no other one. */
import { afterAll, beforeAll, describe as group, expect, test } from '@jest/globals';
import { ec2Model } from '../../../src/simulator/protocol/generated/ec2-model.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { post } from '../raw-request.ts';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ throttling: false });
});

afterAll(() => simulator.close());

async function codeOf(Action: string, name: string): Promise<string | undefined> {
  const parameters = { Action, 'Filter.1.Name': name, 'Filter.1.Value.1': 'nothing' };
  const { status, body } = await post({ simulator }, parameters);
  return status === 200 ? undefined : /<Code>([^<]*)/.exec(body)?.[1];
}

/** What a gap of the simulator says; a refusal would be dressed as AWS's. */
const allowed = [undefined, 'SimulatorUnsupported'];

group.each(Object.entries(ec2Model.filters))('%s', (action, documented) => {
  test.each(documented)('takes %s', async (name) => {
    expect(allowed).toContain(await codeOf(action, name === 'tag' ? 'tag:team' : name));
  });

  test('refuses a filter that is none', async () => {
    expect(await codeOf(action, 'colour')).toBe('InvalidParameterValue');
  });
});

test('the calls that the operator and other tools filter are among them', () => {
  const documented = Object.values(ec2Model.filters).flat();
  expect(documented.length).toBeGreaterThan(140);
  expect(Object.keys(ec2Model.filters)).toEqual(
    expect.arrayContaining([
      'DescribeNetworkInterfaces',
      'DescribeSecurityGroups',
      'DescribeSubnets',
      'DescribeVpcs',
      'DescribeAvailabilityZones',
      'DescribeVpcEndpoints',
      'DescribeVpcEndpointServices',
    ]),
  );
});
