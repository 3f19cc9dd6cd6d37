/** The verdict on everything that probes can see, without a network. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe as group, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeLink, type LinkObservation } from '../../../src/verify/judge-link.ts';
import { usuallyForbidden } from '../../../src/verify/judge-shut.ts';
import type { Connection, NameAnswer, SeenCertificate } from '../../../src/verify/observation.ts';
import { targetsOf } from '../../../src/verify/target.ts';
import { verdictMetrics } from '../../../src/verify/verdict-metrics.ts';
import { verdictText } from '../../../src/verify/verdict-text.ts';
import type { AddressVerdict } from '../../../src/verify/verdict.ts';
import { addresses, apiEndpoint, apiName, linkWith } from './loopback-endpoint.ts';

const zones = ['us-east-1a', 'us-east-1b'];
const [first] = addresses;
const certificate: SeenCertificate = {
  names: `DNS:${apiName}`,
  isForName: true,
  issuer: 'Amazon, Amazon RSA 2048 M02',
  isExpired: false,
};
const opened: Connection = { kind: 'Opened', certificate, ms: 12.4 };
const timedOut: Connection = { kind: 'TimedOut' };
const isPrivate: NameAnswer = { kind: 'Addresses', addresses: [first] };

interface Seen {
  readonly state?: string;
  readonly answer?: NameAnswer;
  readonly proxy?: string;
  readonly connections?: readonly Connection[];
  readonly answering?: readonly boolean[];
}

function seen({
  state = 'available',
  answer = isPrivate,
  proxy,
  connections = [opened, opened],
  answering = [],
}: Seen): LinkObservation {
  const { targets, unknown } = targetsOf(linkWith(apiEndpoint(443, { state })));
  return {
    name: 'ml',
    unknown,
    targets: targets.map((target) => ({
      target,
      names: [{ name: apiName, answer, proxy }],
      addresses: connections.map((connection, index) => ({
        zone: zones[index] ?? '',
        address: addresses[index] ?? '',
        connection,
      })),
    })),
    shut: answering.map((answers, index) => ({
      at: usuallyForbidden[index] ?? { address: '192.0.2.1', port: 443 },
      answers,
    })),
  };
}

const outside = { isSelected: false };
const inside = { isSelected: true };

function addressVerdicts(given: Seen, circumstances = outside): readonly AddressVerdict[] {
  return judgeLink(seen(given), circumstances).endpoints[0]?.addresses ?? [];
}

group('silence', () => {
  test('in all zones is the security group or a route', () => {
    const circumstances = { isSelected: false, securityGroupId: 'sg-0a1b2c3d4e5f67890' };
    const [verdict] = addressVerdicts({ connections: [timedOut, timedOut] }, circumstances);
    expect(verdict?.outcome).toBe('TimedOut');
    expect(verdict?.advice).toMatch(/^Let sg-0a1b2c3d4e5f67890 allow TCP 443 from here/);
  });

  test('in one zone among others is the network ACL or the route of its subnet', () => {
    const [, verdict] = addressVerdicts({ connections: [opened, timedOut] });
    expect(verdict).toMatchObject({
      outcome: 'TimedOut',
      message: 'Nothing answers on TCP 443, while other zones of the endpoint do.',
      advice: expect.stringMatching(/network ACL of the subnet/),
    });
  });

  test('where a policy selects the pod is the policy, and then the network', () => {
    for (const connections of [
      [timedOut, timedOut],
      [opened, timedOut],
    ]) {
      const [, verdict] = addressVerdicts({ connections }, inside);
      expect(verdict?.outcome).toBe('Policy');
      expect(verdict?.advice).toMatch(/policy allows the address.* (security group|network ACL)/);
    }
  });

  test('of an endpoint that is not available yet says so', () => {
    const [verdict] = addressVerdicts({ state: 'pending', connections: [timedOut, timedOut] });
    expect(verdict?.message).toMatch(/AWS calls vpce-\w+ pending\.$/);
  });
});

test('a machine without a way there is told so, and one that lets nothing out', () => {
  const connections: Connection[] = [
    { kind: 'NoRoute', detail: 'ENETUNREACH' },
    { kind: 'Forbidden', detail: 'EPERM' },
  ];
  expect(addressVerdicts({ connections }).map(({ outcome }) => outcome)).toEqual([
    'NoRoute',
    'Policy',
  ]);
});

const certificates = fc.record<SeenCertificate>({
  names: fc.constantFrom('', `DNS:${apiName}`, 'DNS:example.com'),
  isForName: fc.boolean(),
  issuer: fc.constantFrom('Amazon, Amazon RSA 2048 M02', 'Corporate Inspection'),
  isExpired: fc.boolean(),
  distrust: fc.constantFrom(undefined, 'SELF_SIGNED_CERT_IN_CHAIN'),
});
const connections: fc.Arbitrary<Connection> = fc.oneof(
  fc.record({
    kind: fc.constant('Opened' as const),
    certificate: certificates,
    ms: fc.double({ min: 0, max: 1e4, noNaN: true }),
  }),
  fc.constantFrom<Connection>(
    { kind: 'TimedOut' },
    { kind: 'Refused' },
    { kind: 'NoRoute', detail: 'EHOSTUNREACH' },
    { kind: 'Forbidden', detail: 'EPERM' },
    { kind: 'NotTls', detail: 'an answer as of plain HTTP' },
    { kind: 'NotTls', detail: 'ECONNRESET' },
  ),
);
const answers: fc.Arbitrary<NameAnswer> = fc.oneof(
  fc.record({
    kind: fc.constant('Addresses' as const),
    addresses: fc.subarray([...addresses, '203.0.113.7', '10.9.8.7', '2001:db8::1'], {
      minLength: 1,
    }),
  }),
  fc.constantFrom<NameAnswer>({ kind: 'NotFound' }, { kind: 'NoAnswer', detail: 'ESERVFAIL' }),
);
const anything: fc.Arbitrary<Seen> = fc.record({
  state: fc.constantFrom('available', 'pending'),
  answer: answers,
  connections: fc.array(connections, { minLength: 2, maxLength: 2 }),
  answering: fc.array(fc.boolean(), { maxLength: 2 }),
});

const schemaFile = new URL('../../../docs/verify.schema.json', import.meta.url);
const validate = new Ajv2020({ allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

/** Whether a client here would have its answer from SageMaker, by the plain meaning of what was seen. */
function isWell({ answer = isPrivate, connections = [], answering = [] }: Seen): boolean {
  return (
    answer.kind === 'Addresses' &&
    answer.addresses.every((address) => addresses.some((own) => own === address)) &&
    connections.every(
      (one) =>
        one.kind === 'Opened' &&
        one.certificate.isForName &&
        !one.certificate.isExpired &&
        one.certificate.distrust === undefined,
    ) &&
    answering.every((answers) => !answers)
  );
}

test('a link is reachable exactly when all is well, and everything else comes with advice', () => {
  fc.assert(
    fc.property(anything, fc.boolean(), (given, isSelected) => {
      const verdict = judgeLink(seen(given), { isSelected });
      expect(verdict.reachable).toBe(isWell(given));
      const parts = [
        ...verdict.endpoints.flatMap(({ names, addresses: judged }) => [...names, ...judged]),
        ...verdict.shut,
      ];
      for (const { outcome, advice } of parts) {
        const isGood = ['Private', 'Reachable', 'Shut'].includes(outcome);
        expect(advice === undefined).toBe(isGood);
      }
    }),
  );
});

test('the JSON of every verdict is as its schema says', () => {
  fc.assert(
    fc.property(anything, fc.boolean(), (given, isSelected) => {
      const links = [judgeLink(seen(given), { isSelected })];
      validate(JSON.parse(JSON.stringify({ links })));
      expect(validate.errors ?? []).toEqual([]);
    }),
  );
});

test('the text has what was seen and what to do, only where something is wrong', () => {
  const well = judgeLink(seen({ answering: [false, false] }), inside);
  expect(verdictText(well)).toBe(
    [
      'ml: reachable',
      '  com.amazonaws.us-east-1.sagemaker.api (vpce-0a1b2c3d4e5f67890)',
      `    ${apiName}  Private`,
      '    us-east-1a 127.0.0.21  Reachable',
      '    us-east-1b 127.0.0.22  Reachable',
      '  must not answer',
      '    169.254.169.254:80  Shut',
      '    1.1.1.1:443  Shut',
    ].join('\n'),
  );
  const publicly = judgeLink(
    seen({ answer: { kind: 'Addresses', addresses: ['203.0.113.7'] } }),
    outside,
  );
  expect(verdictText(publicly)).toContain(
    `${apiName}  PublicAddresses\n      It leads to public addresses: 203.0.113.7.\n      Let the resolver ask the VPC`,
  );
  expect(verdictText(judgeLink({ ...seen({}), targets: [], unknown: [] }, outside))).toBe(
    'ml: not reachable',
  );
});

test('the metrics have one series for each thing that was looked at', async () => {
  const given = { connections: [opened, timedOut], answering: [true] };
  const text = await verdictMetrics([judgeLink(seen(given), inside)]);
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const service = 'service="com.amazonaws.us-east-1.sagemaker.api"';
  const zoneA = `link="ml",${service},zone="us-east-1a",address="127.0.0.21",outcome="Reachable"`;
  const zoneB = `link="ml",${service},zone="us-east-1b",address="127.0.0.22",outcome="Policy"`;
  expect(series).toEqual([
    'sagemaker_privatelink_verify_reachable{link="ml"} 0',
    `sagemaker_privatelink_verify_name{link="ml",${service},name="${apiName}",outcome="Private"} 1`,
    `sagemaker_privatelink_verify_address{${zoneA}} 1`,
    `sagemaker_privatelink_verify_address{${zoneB}} 0`,
    `sagemaker_privatelink_verify_connect_seconds{${zoneA}} 0.012`,
    'sagemaker_privatelink_verify_shut{link="ml",address="169.254.169.254:80"} 0',
  ]);
});
