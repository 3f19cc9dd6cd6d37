/** What one endpoint of a spec should be at AWS. */
import type { EndpointSpec, SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { SubnetAddress } from './actions.ts';
import type {
  Caller,
  EndpointService,
  PolicyDocument,
  Subnet,
  Vpc,
  VpcDnsAttributes,
} from './facts.ts';
import type { Problem } from './findings.ts';
import { type SkippedSubnet, subnetsForService } from './network.ts';
import { fullAccessPolicy } from './policy-equality.ts';
import { found, type Result } from './result.ts';
import { carriesSignedRequestsOnly } from './service-catalogue.ts';

export interface DesiredEndpoint {
  /** Full service name: the key of an endpoint in its link. */
  readonly serviceName: string;
  /** What a user calls it: the short name where the spec uses one. */
  readonly label: string;
  readonly vpcId: string;
  readonly subnets: readonly Subnet[];
  readonly skipped: readonly SkippedSubnet[];
  readonly addresses: readonly SubnetAddress[];
  readonly privateDns: boolean;
  /** Undefined where the service has no endpoint policies. */
  readonly policy?: PolicyDocument;
  readonly ipAddressType: string;
  /** Undefined: AWS's default, which follows from the address type. */
  readonly dnsRecordIpType?: string;
}

/** What a desired endpoint depends on. */
export interface DesiredInput {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly entry: EndpointSpec;
  readonly serviceName: string;
  readonly vpc: Vpc;
  readonly caller: Caller;
  readonly chosenSubnets: readonly Subnet[];
  readonly services: readonly EndpointService[];
  /** Undefined if no endpoint of the spec has private DNS. */
  readonly dnsAttributes: VpcDnsAttributes | undefined;
}

/** The endpoint as it should be, or every problem that keeps it from being so. */
export function desiredEndpoint(input: DesiredInput): Result<DesiredEndpoint> {
  const { spec, entry, serviceName, vpc, caller } = input;
  const service = input.services.find(({ name }) => name === serviceName);
  if (service === undefined) return { found: false, problems: [serviceNotFound(input)] };
  const zones = subnetsForService(spec, service, input.chosenSubnets);
  const problems = [
    ...(zones.found ? [] : zones.problems),
    ...policyProblems(entry, service),
    ...addressTypeProblems(spec, service),
    ...dnsProblems(input),
  ];
  if (!zones.found || problems.length > 0) return { found: false, problems };
  const policy = service.policySupported ? policyOf(entry, serviceName, caller) : undefined;
  return found({
    serviceName,
    label: entry.service ?? serviceName,
    vpcId: vpc.id,
    subnets: zones.value.subnets,
    skipped: zones.value.skipped,
    addresses: addressesIn(entry, zones.value.subnets),
    privateDns: entry.privateDNS,
    ...(policy === undefined ? {} : { policy }),
    ipAddressType: spec.ipAddressType,
    ...(spec.dnsRecordIPType === undefined ? {} : { dnsRecordIpType: spec.dnsRecordIPType }),
  });
}

/**
 * The endpoint policy in force when the spec has none: callers of this account only, and AWS
 * services on their behalf, so that the private path cannot carry data out under somebody else's
 * credentials. Services with browser sessions keep AWS's full access: whether their requests
 * always have a principal is not documented, and a wrong guess would lock users out.
 */
export function defaultPolicy(serviceName: string, caller: Caller): PolicyDocument {
  if (!carriesSignedRequestsOnly(serviceName)) return fullAccessPolicy;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'CallersOfThisAccount',
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:PrincipalAccount': caller.account } },
      },
      {
        Sid: 'AWSServices',
        Effect: 'Allow',
        Principal: '*',
        Action: '*',
        Resource: '*',
        Condition: { Bool: { 'aws:PrincipalIsAWSService': 'true' } },
      },
    ],
  };
}

function policyOf(entry: EndpointSpec, serviceName: string, caller: Caller): PolicyDocument {
  return entry.policy ?? defaultPolicy(serviceName, caller);
}

function addressesIn(entry: EndpointSpec, subnets: readonly Subnet[]): readonly SubnetAddress[] {
  const wanted = entry.addresses ?? {};
  return subnets.flatMap(({ id }) => {
    const address = wanted[id];
    return address === undefined ? [] : [{ subnetId: id, ...address }];
  });
}

function serviceNotFound({ spec, serviceName }: DesiredInput): Problem {
  return {
    subject: 'EndpointsAvailable',
    reason: 'ServiceNotFound',
    severity: 'stalled',
    message: `Endpoint service ${serviceName} does not exist in region ${spec.region}. Remove it from spec.endpoints, or correct its name.`,
  };
}

function policyProblems(entry: EndpointSpec, service: EndpointService): readonly Problem[] {
  if (entry.policy === undefined || service.policySupported) return [];
  return [
    {
      subject: 'EndpointsAvailable',
      reason: 'PolicyNotSupported',
      severity: 'stalled',
      message: `${service.name} does not support endpoint policies. Remove policy from its entry in spec.endpoints.`,
    },
  ];
}

function addressTypeProblems(
  { ipAddressType }: SageMakerPrivateLinkSpec,
  service: EndpointService,
): readonly Problem[] {
  const needed = ipAddressType === 'dualstack' ? ['ipv4', 'ipv6'] : [ipAddressType];
  // No types in AWS's answer means that it did not say, not that there are none.
  const offered = service.ipAddressTypes;
  if (offered.length === 0 || needed.every((type) => offered.includes(type))) return [];
  return [
    {
      subject: 'EndpointsAvailable',
      reason: 'UnsupportedIPAddressType',
      severity: 'stalled',
      message: `${service.name} supports ${offered.join(' and ')} only, not ipAddressType ${ipAddressType}. Change spec.ipAddressType, or give this service a link of its own.`,
    },
  ];
}

function dnsProblems({ entry, vpc, dnsAttributes }: DesiredInput): readonly Problem[] {
  if (!entry.privateDNS || dnsAttributes === undefined) return [];
  const off = [
    ...(dnsAttributes.enableDnsSupport ? [] : ['enableDnsSupport']),
    ...(dnsAttributes.enableDnsHostnames ? [] : ['enableDnsHostnames']),
  ];
  if (off.length === 0) return [];
  return [
    {
      subject: 'NetworkResolved',
      reason: 'VPCDNSDisabled',
      severity: 'stalled',
      message: `Private DNS needs ${off.join(' and ')} of ${vpc.id}, which ${off.length === 1 ? 'is' : 'are'} off. Turn ${off.length === 1 ? 'it' : 'them'} on (aws ec2 modify-vpc-attribute), or set privateDNS: false.`,
    },
  ];
}
