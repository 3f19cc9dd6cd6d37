/** Specs for property tests: valid by the schema, not always possible in the world. */
import fc from 'fast-check';
import type {
  EndpointSpec,
  SageMakerPrivateLinkSpec,
} from '../../src/api/sagemaker-private-link.ts';
import { anyAccess, plainAccess, withOpening } from './generated-access.ts';
import { policies } from './generated-worlds.ts';

/** The defaults that the API server fills in. */
export const plainSpec: SageMakerPrivateLinkSpec = {
  region: 'eu-west-1',
  vpc: { id: 'vpc-main' },
  subnets: { tags: { ml: 'private' }, unsupportedZones: 'Fail' },
  ipAddressType: 'ipv4',
  privateDNSAt: 'Available',
  endpoints: [{ service: 'api', privateDNS: true }],
  deletionPolicy: 'Delete',
  driftPolicy: 'Repair',
  adoption: 'Never',
  suspend: false,
  sweepInterval: '60s',
};

const endpoint: fc.Arbitrary<EndpointSpec> = fc
  .record({
    service: fc.constantFrom('api', 'runtime', 'notebook', 'metrics'),
    privateDNS: fc.boolean(),
    policy: fc.option(fc.constantFrom(policies.wide, policies.narrow), { nil: undefined, freq: 2 }),
  })
  .map(({ service, privateDNS, policy }) => {
    const own = policy === undefined ? {} : { policy };
    return { service: service as 'api', privateDNS, ...own };
  });

const endpoints = fc.uniqueArray(endpoint, {
  minLength: 1,
  maxLength: 3,
  selector: ({ service }) => service,
});

const subnets = fc
  .record({
    ids: fc.option(
      fc.subarray(
        ['subnet-a', 'subnet-b', 'subnet-c', 'subnet-a2', 'subnet-none', 'subnet-other'],
        {
          minLength: 1,
          maxLength: 3,
        },
      ),
      { nil: undefined, freq: 2 },
    ),
    tag: fc.constantFrom('private', 'private', 'private', 'private', 'public'),
    unsupportedZones: fc.constantFrom('Fail' as const, 'Skip' as const),
  })
  .map(({ ids, tag, unsupportedZones }) =>
    ids === undefined ? { tags: { ml: tag }, unsupportedZones } : { ids, unsupportedZones },
  );

const ingress = fc
  .subarray(
    [
      { cidr: '10.9.0.0/16' },
      { cidr: '10.8.0.0/16', description: 'the office' },
      { cidr: '2001:db8::/56' },
      { securityGroupId: 'sg-user' },
      { prefixListId: 'pl-1' },
      { prefixListId: 'pl-none' },
    ],
    { minLength: 1 },
  )
  .map((sources) => ({ ingress: sources }));

const securityGroup = fc.oneof(
  { weight: 3, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: ingress },
  { weight: 2, arbitrary: fc.constant({ ids: ['sg-user'] }) },
  { weight: 1, arbitrary: fc.constant({ ids: ['sg-user', 'sg-none'] }) },
);

const vpc = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ id: 'vpc-main' }) },
  { weight: 4, arbitrary: fc.constant({ tags: { ml: 'vpc' } }) },
  { weight: 1, arbitrary: fc.constant({ id: 'vpc-none' }) },
);

/** Any spec. */
export const anySpec: fc.Arbitrary<SageMakerPrivateLinkSpec> = fc
  .record({
    vpc,
    subnets,
    endpoints,
    securityGroup,
    ipAddressType: fc.constantFrom(
      'ipv4' as const,
      'ipv4' as const,
      'ipv4' as const,
      'dualstack' as const,
      'ipv6' as const,
    ),
    tags: fc.option(fc.constantFrom({ team: 'ml' }, { team: 'ops', Name: 'ours' }), {
      nil: undefined,
    }),
    privateDNSAt: fc.constantFrom('Available' as const, 'Available' as const, 'Creation' as const),
    deletionPolicy: fc.constantFrom('Delete' as const, 'Retain' as const),
    adoption: fc.constantFrom('Never' as const, 'IfUnowned' as const),
    notebookAccess: fc.option(anyAccess, { nil: undefined, freq: 2 }),
  })
  .map(({ securityGroup: group, tags, notebookAccess, ...rest }) => ({
    ...plainSpec,
    ...rest,
    ...(group === undefined ? {} : { securityGroup: group }),
    ...(tags === undefined ? {} : { tags }),
    ...(notebookAccess === undefined
      ? {}
      : { notebookAccess, endpoints: withOpening(rest.endpoints, notebookAccess) }),
  }));

/** A spec with notebook access for a calm world: nothing is in the way of it. */
export const anyAccessSpec: fc.Arbitrary<SageMakerPrivateLinkSpec> = fc
  .record({
    privateDns: fc.record({ api: fc.boolean(), notebook: fc.boolean() }),
    services: fc.subarray(['api', 'notebook', 'runtime'] as const, { minLength: 1 }),
    notebookAccess: fc.option(plainAccess, { nil: undefined, freq: 6 }),
  })
  .map(({ privateDns, services, notebookAccess }) => {
    const chosen = services.map((service): EndpointSpec => {
      return { service, privateDNS: service === 'runtime' || privateDns[service] };
    });
    if (notebookAccess === undefined) return { ...plainSpec, endpoints: chosen };
    return { ...plainSpec, notebookAccess, endpoints: withOpening(chosen, notebookAccess) };
  });
