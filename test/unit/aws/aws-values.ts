import { createKeeper } from '../../../src/aws/consistency/kept-fact.ts';
import type { PartRead } from '../../../src/aws/consistency/merged-part.ts';
import type { CreateVpcEndpoint, ModifyVpcEndpoint } from '../../../src/plan/endpoint/actions.ts';
import type { Endpoint, SecurityGroup, SecurityGroupRule, Tags } from '../../../src/plan/facts.ts';

/** A read of all resources of a kind. */
export function partOf<T extends { readonly id: string; readonly tags: Tags }>(
  all: readonly T[],
  begunAt: number,
): PartRead<T> {
  const keeper = createKeeper<T>();
  return { all: all.map((fact) => keeper.keep(fact)), begunAt };
}

/** An endpoint that is there and well; what a test is about it says itself. */
export function endpoint(fields: Partial<Endpoint> = {}): Endpoint {
  return {
    id: 'vpce-1',
    vpcId: 'vpc-1',
    serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
    state: 'available',
    subnetIds: ['subnet-1'],
    securityGroupIds: ['sg-1'],
    networkInterfaceIds: [],
    privateDnsEnabled: true,
    dnsNames: [],
    requesterManaged: false,
    tags: {},
    ...fields,
  };
}

/** A creation that asks for no more than AWS needs, and for what a test says. */
export function creation(fields: Partial<CreateVpcEndpoint> = {}): CreateVpcEndpoint {
  return {
    kind: 'CreateVpcEndpoint',
    reason: 'missing',
    vpcId: 'vpc-1',
    serviceName: 'com.amazonaws.eu-west-1.sagemaker.api',
    subnetIds: [],
    addresses: [],
    securityGroupIds: [],
    ipAddressType: 'ipv4',
    privateDnsEnabled: true,
    tags: {},
    clientToken: 'token',
    ...fields,
  };
}

/** A modification that changes nothing but what a test says. */
export function modification(fields: Partial<ModifyVpcEndpoint> = {}): ModifyVpcEndpoint {
  return {
    kind: 'ModifyVpcEndpoint',
    reason: 'test',
    endpointId: 'vpce-1',
    addSubnetIds: [],
    removeSubnetIds: [],
    addSecurityGroupIds: [],
    removeSecurityGroupIds: [],
    addresses: [],
    ...fields,
  };
}

export function group(fields: Partial<SecurityGroup> = {}): SecurityGroup {
  return {
    id: 'sg-1',
    name: 'group',
    vpcId: 'vpc-1',
    ownerId: '1',
    tags: {},
    rules: [],
    ...fields,
  };
}

export function rule(fields: Partial<SecurityGroupRule> = {}): SecurityGroupRule {
  return {
    id: 'sgr-1',
    isEgress: false,
    protocol: 'tcp',
    fromPort: 443,
    toPort: 443,
    source: { cidr: '10.0.0.0/16' },
    tags: {},
    ...fields,
  };
}
