/** Generated specs and requests. Small worlds, so that requests hit the edges of what is allowed. */
import * as fc from 'fast-check';
import type {
  NotebookAccessSpec,
  NotebookAction,
} from '../../../../src/api/sagemaker-private-link.ts';
import { canonicalCidr } from '../../../../src/plan/network/cidr.ts';
import type { AccessRequest } from '../../../../src/plan/notebook-policy/document/evaluate.ts';
import { runsFactor } from '../../../environment/runs-factor.ts';
import { actionNames, type LinkPlace } from './allowed-places.ts';

/** Seed of all properties here, and a factor for their number of runs. */
export const runs = {
  seed: Number(process.env['SMPL_SEED'] ?? 20_261_123),
  scale: runsFactor,
};

export const ownEndpoints = ['vpce-0a00000000000000a', 'vpce-0a00000000000000b'] as const;
const hubEndpoints = ['vpce-0b00000000000000a', 'vpce-0b00000000000000b'] as const;
const foreignEndpoint = 'vpce-0c00000000000000c';

/** Addresses that are neighbours, so that blocks touch, overlap and just miss. */
const publicV4 = fc
  .tuple(fc.constantFrom('203.0.113', '198.51.100', '8.8.8', '255.255.255', '1.0.0'), byte())
  .map(([net, host]) => `${net}.${host}`);
const publicV6 = fc
  .tuple(fc.constantFrom('2001:db8', '2a05:d018:0:1', '2600'), byte())
  .map(([net, host]) => `${net}::${host.toString(16)}`);
const privateV4 = fc
  .tuple(fc.constantFrom('10.0.16', '10.0.17', '172.16.0', '192.168.1'), byte())
  .map(([net, host]) => `${net}.${host}`);
const privateV6 = byte().map((host) => `fd00::${host.toString(16)}`);
export const publicAddress = fc.oneof({ weight: 3, arbitrary: publicV4 }, publicV6);
const privateAddress = fc.oneof({ weight: 3, arbitrary: privateV4 }, privateV6);

function byte(): fc.Arbitrary<number> {
  return fc.constantFrom(0, 1, 2, 3, 4, 7, 8, 127, 128, 200, 254, 255);
}

function blockOf(address: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(address, fc.constantFrom(0, 0, 1, 2, 5, 7, 8)).map(([text, hostBits]) => {
    const prefix = (text.includes(':') ? 128 : 32) - hostBits;
    return canonicalCidr(`${text}/${prefix}`) as string;
  });
}

const wholeHalf = fc.constantFrom('0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1');
export const publicBlocks = fc.uniqueArray(
  fc.oneof({ weight: 12, arbitrary: blockOf(publicAddress) }, wholeHalf),
  { maxLength: 6 },
);
const privateBlocks = fc.uniqueArray(blockOf(privateAddress), { maxLength: 4 });

const names = ['fraud-research', 'Fraud-Research', 'demo'] as const;

/** Every composition of the spec's fields that the schema lets pass. */
export const accessSpec: fc.Arbitrary<NotebookAccessSpec> = fc
  .record({
    allowedCIDRs: publicBlocks,
    allowEndpoints: fc.boolean(),
    additionalEndpointIds: fc.subarray([...hubEndpoints]),
    allowedPrivateCIDRs: fc.oneof(fc.constant([]), privateBlocks),
    actions: fc.subarray(Object.keys(actionNames) as NotebookAction[], { minLength: 1 }),
    notebookInstances: fc.option(fc.subarray([...names], { minLength: 1 }), { nil: undefined }),
    onImpact: fc.constant('Fail' as const),
  })
  .map(({ notebookInstances, ...access }) => ({
    ...access,
    ...(notebookInstances === undefined ? {} : { notebookInstances }),
  }))
  .filter((access) => {
    const hasEndpoints = access.allowEndpoints || access.additionalEndpointIds.length > 0;
    return (
      (hasEndpoints || access.allowedCIDRs.length > 0) &&
      (hasEndpoints || access.allowedPrivateCIDRs.length === 0) &&
      (access.notebookInstances === undefined || access.actions.includes('NotebookInstances'))
    );
  });

export const linkPlace: fc.Arbitrary<LinkPlace> = fc.record({
  partition: fc.constantFrom('aws', 'aws-cn', 'aws-us-gov'),
  account: fc.constant('111122223333'),
  region: fc.constantFrom('eu-west-1', 'cn-north-1', 'us-gov-west-1'),
  endpointIds: fc.subarray([...ownEndpoints], { minLength: 1 }),
});

const resourceOf = {
  NotebookInstances: (name: string) => `notebook-instance/${name}`,
  Studio: (name: string) => `user-profile/d-1/${name}`,
  MLflowTrackingServers: (name: string) => `mlflow-tracking-server/${name}`,
  MLflowApps: (name: string) => `mlflow-app/${name}`,
  PartnerApps: (name: string) => `partner-app/${name}`,
  MLflowAPI: (name: string) => `mlflow-tracking-server/${name}`,
  StudioRemoteAccess: (name: string) => `space/d-1/${name}`,
} as const;

/** Requests to one link's region, or now and then to another one. */
export function requestTo(place: LinkPlace): fc.Arbitrary<AccessRequest> {
  return fc
    .record({
      action: fc.oneof(
        { weight: 3, arbitrary: fc.constant('NotebookInstances' as const) },
        fc.constantFrom(...(Object.keys(actionNames) as NotebookAction[])),
      ),
      name: fc.constantFrom(...names, 'other'),
      region: fc.oneof(
        { weight: 9, arbitrary: fc.constant(place.region) },
        fc.constant('us-east-1'),
      ),
      network: network(),
      viaAWSService: fc.constantFrom(undefined, false, false, true),
    })
    .map(({ action, name, region, network: from, viaAWSService }) => ({
      action: actionNames[action],
      resource: `arn:${place.partition}:sagemaker:${region}:${place.account}:${resourceOf[action](name)}`,
      ...from,
      ...(viaAWSService === undefined ? {} : { viaAWSService }),
    }));
}

/** The keys that AWS supplies: those of the internet, those of an endpoint, or fewer. */
function network(): fc.Arbitrary<Partial<AccessRequest>> {
  const endpoint = fc.constantFrom(...ownEndpoints, ...hubEndpoints, foreignEndpoint);
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ sourceIp: publicAddress }) },
    {
      weight: 6,
      arbitrary: fc.record({
        sourceVpce: endpoint,
        sourceVpc: fc.constantFrom('vpc-0a', 'vpc-0b'),
        vpcSourceIp: privateAddress,
      }),
    },
    { weight: 1, arbitrary: fc.record({ sourceVpce: endpoint }) },
    { weight: 1, arbitrary: fc.constant({}) },
  );
}
