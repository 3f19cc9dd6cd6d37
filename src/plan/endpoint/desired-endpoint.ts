/** One endpoint of a spec as it should be at AWS. */
import type { EndpointSpec, SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import type { SubnetAddress } from './actions.ts';
import type { SkippedSubnet, SubnetSelection } from '../network/choose-subnets.ts';
import type {
  Caller,
  EndpointService,
  PolicyDocument,
  Subnet,
  Vpc,
  VpcDnsAttributes,
} from '../facts.ts';
import type { Problem, Subject } from '../findings.ts';
import { fullAccessPolicy } from './policy-equality.ts';
import { carriesSignedRequestsOnly } from './service-catalogue.ts';
import { type ServiceSubnets, subnetsForService } from '../network/service-subnets.ts';

/** Parts of an endpoint that can be held back, each by itself. */
export type EndpointPart = 'existence' | 'subnets' | 'privateDns' | 'policy' | 'addressType';

/**
 * Parts that cannot be had or decided now, with the condition that says why. A part that is there
 * stays as it is, and the rest of the endpoint is brought about all the same.
 */
export type HeldParts = Readonly<Partial<Record<EndpointPart, Subject>>>;

export interface DesiredEndpoint {
  /** Full service name: the key of an endpoint in its link. */
  readonly serviceName: string;
  /** The user's name for it: the short name where the spec uses one. */
  readonly label: string;
  readonly vpcId: string;
  /** Those that can be used. */
  readonly subnets: readonly Subnet[];
  readonly skipped: readonly SkippedSubnet[];
  readonly addresses: readonly SubnetAddress[];
  readonly privateDns: boolean;
  /** Undefined where the service has no endpoint policies, and where the policy is held. */
  readonly policy?: PolicyDocument;
  readonly ipAddressType: string;
  /** Undefined: AWS's default, which follows from the address type. */
  readonly dnsRecordIpType?: string;
  readonly held: HeldParts;
}

/** Everything that a desired endpoint depends on. Answers that AWS did not give are undefined. */
export interface DesiredInput {
  readonly spec: SageMakerPrivateLinkSpec;
  readonly entry: EndpointSpec;
  readonly serviceName: string;
  readonly vpc: Vpc;
  /** False where the VPC is not certainly the one that the spec means: nothing is made there. */
  readonly isMeant: boolean;
  readonly caller: Caller | undefined;
  readonly selection: SubnetSelection | undefined;
  readonly services: readonly EndpointService[] | undefined;
  /** Undefined also if no endpoint of the spec has private DNS. */
  readonly dnsAttributes: VpcDnsAttributes | undefined;
  /** Subnets that the endpoint is in. */
  readonly inUse: readonly string[];
  /** The zones of those, as far as they are known. */
  readonly zonesInUse: readonly string[];
}

/** The endpoint as far as it can be told, and everything that keeps it from being as the spec says. */
export interface Desired {
  readonly endpoint: DesiredEndpoint;
  readonly problems: readonly Problem[];
}

/** The endpoint as it should be. */
export function desiredEndpoint(input: DesiredInput): Desired {
  const { spec, entry, serviceName, vpc } = input;
  const service = input.services?.find(({ name }) => name === serviceName);
  const zones = zonesOf(input, service);
  const unsupported = service === undefined ? [] : policyProblems(entry, service);
  const addressType = service === undefined ? [] : addressTypeProblems(spec, service);
  const dns = dnsProblems(input);
  const isMissing = input.services !== undefined && service === undefined;
  const policy = policyOf(input, service);
  const endpoint: DesiredEndpoint = {
    serviceName,
    label: entry.service ?? serviceName,
    vpcId: vpc.id,
    subnets: zones?.subnets ?? [],
    skipped: zones?.skipped ?? [],
    addresses: addressesIn(entry, zones?.subnets ?? []),
    privateDns: entry.privateDNS,
    ...(policy === undefined || unsupported.length > 0 ? {} : { policy }),
    ipAddressType: spec.ipAddressType,
    ...(spec.dnsRecordIPType === undefined ? {} : { dnsRecordIpType: spec.dnsRecordIPType }),
    held: heldParts(input, { zones, service, isMissing, unsupported, addressType, dns }),
  };
  return {
    endpoint,
    problems: [
      ...(isMissing ? [serviceNotFound(input)] : []),
      ...(zones?.problems ?? []),
      ...unsupported,
      ...addressType,
      ...dns,
    ],
  };
}

/** Undefined while the subnets or the zones of the service are not known. */
function zonesOf(
  { spec, entry, selection, inUse, zonesInUse }: DesiredInput,
  service: EndpointService | undefined,
): ServiceSubnets | undefined {
  if (selection === undefined || service === undefined) return undefined;
  const fixed = Object.keys(entry.addresses ?? {});
  return subnetsForService(spec, service, selection, { inUse, zonesInUse, fixed });
}

interface Findings {
  readonly zones: ServiceSubnets | undefined;
  readonly service: EndpointService | undefined;
  /** AWS was asked, and does not have the service. */
  readonly isMissing: boolean;
  readonly unsupported: readonly Problem[];
  readonly addressType: readonly Problem[];
  readonly dns: readonly Problem[];
}

function heldParts(input: DesiredInput, findings: Findings): HeldParts {
  const { zones, service, isMissing, unsupported, addressType, dns } = findings;
  const network: Subject = 'NetworkResolved';
  const services: Subject = isMissing ? 'EndpointsAvailable' : network;
  const subnetsAreKnown =
    zones !== undefined &&
    zones.problems.length === 0 &&
    input.selection?.problems.length === 0 &&
    input.isMeant;
  const typeIsHeld = addressType.length > 0 || hasAddressTypeProblem(input.selection);
  const typeHolder: Subject = addressType.length > 0 ? 'EndpointsAvailable' : network;
  const needsDns = input.entry.privateDNS;
  const dnsIsHeld = needsDns && (dns.length > 0 || input.dnsAttributes === undefined);
  const policyIsKnown = input.entry.policy !== undefined || input.caller !== undefined;
  const canExist = zones !== undefined && zones.problems.length === 0 && zones.subnets.length > 0;
  const existence = existenceHeldBy();
  return {
    ...(existence === undefined ? {} : { existence }),
    ...(subnetsAreKnown ? {} : { subnets: services }),
    ...(dnsIsHeld ? { privateDns: network } : {}),
    ...(policyIsKnown && service !== undefined ? {} : { policy: services }),
    ...(unsupported.length > 0 ? { policy: 'EndpointsAvailable' as const } : {}),
    ...(typeIsHeld ? { addressType: typeHolder } : {}),
  };

  function existenceHeldBy(): Subject | undefined {
    if (service === undefined) return services;
    // An endpoint without the policy that somebody asked for would let more through than that.
    if (unsupported.length + addressType.length > 0) return 'EndpointsAvailable';
    return canExist && policyIsKnown && input.isMeant ? undefined : network;
  }
}

function hasAddressTypeProblem(selection: SubnetSelection | undefined): boolean {
  return selection?.problems.some(({ reason }) => reason === 'UnsupportedIPAddressType') === true;
}

/**
 * The endpoint policy in force when the spec has none: callers of this account only, and AWS
 * services on their behalf, so that the private path cannot carry data out under somebody else's
 * credentials. Services with browser sessions keep AWS's full access: whether their requests
 * always have a principal is not documented, and a wrong guess would lock users out.
 */
function defaultPolicy(serviceName: string, caller: Caller): PolicyDocument {
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

/** Undefined where the service has none, and where it is not known. */
function policyOf(
  { entry, serviceName, caller }: DesiredInput,
  service: EndpointService | undefined,
): PolicyDocument | undefined {
  if (service?.policySupported === false) return undefined;
  if (entry.policy !== undefined) return { ...entry.policy };
  return caller === undefined ? undefined : defaultPolicy(serviceName, caller);
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

function dnsProblems({ spec, entry, vpc, dnsAttributes }: DesiredInput): readonly Problem[] {
  if (!entry.privateDNS || dnsAttributes === undefined) return [];
  const off = [
    ...(dnsAttributes.enableDnsSupport ? [] : ['enableDnsSupport']),
    ...(dnsAttributes.enableDnsHostnames ? [] : ['enableDnsHostnames']),
  ];
  if (off.length === 0) return [];
  // AWS takes one attribute in a call.
  const flags = off.map((name) => `--enable-dns-${name.slice('enableDns'.length).toLowerCase()}`);
  const command = `aws ec2 modify-vpc-attribute --region ${spec.region} --vpc-id ${vpc.id} ${flags.join(', then the same with ')}`;
  return [
    {
      subject: 'NetworkResolved',
      reason: 'VPCDNSDisabled',
      severity: 'stalled',
      message: `Private DNS needs ${off.join(' and ')} of ${vpc.id}, which ${off.length === 1 ? 'is' : 'are'} off. Turn ${off.length === 1 ? 'it' : 'them'} on (${command}), or set privateDNS: false.`,
    },
  ];
}
