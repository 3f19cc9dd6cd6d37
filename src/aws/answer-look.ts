import type { Look, LookAnswers, LookKind } from '../plan/looks.ts';
import type { AnswerPolicyLook } from './notebook-policy/answer-policy-look.ts';
import type { OwnedMerges } from './merge-owned.ts';
import type { CallerReader } from './accounts/read-caller.ts';
import { createServiceEndpointsReader } from './clients/read-service-endpoints.ts';
import { createEndpointServicesReader } from './endpoint/read-services.ts';
import type { createNetworkInterfacesReader } from './endpoint/read-network-interfaces.ts';
import type { OwnedReader } from './read-owned.ts';
import { createPrefixListsReader } from './network/read-prefix-lists.ts';
import type { ReadContext } from './read-context.ts';
import { createSecurityGroupUsesReader } from './security-group/read-security-group-uses.ts';
import {
  createSecurityGroupsReader,
  readNamedGroups,
} from './security-group/read-security-groups.ts';
import { createSubnetsByIdReader, createSubnetsReader } from './network/read-subnets.ts';
import { createVpcDnsAttributesReader } from './network/read-vpc-dns-attributes.ts';
import { createVpcEndpointsReader } from './endpoint/read-endpoints.ts';
import { createVpcsReader } from './network/read-vpcs.ts';
import type { AskOptions } from './consistency/shared-read.ts';

/** Answers one look. Throws `CloudError`. */
export type AnswerLook = (look: Look, options: AskOptions) => Promise<LookAnswers[LookKind]>;

/** The answers to looks, and the notice of looks to come. See `Cloud.expect`. */
export interface Answering {
  readonly answerLook: AnswerLook;
  readonly expect: (looks: readonly Look[]) => void;
}

export interface AnswerLookOptions {
  readonly context: ReadContext;
  readonly merges: OwnedMerges;
  readonly owned: OwnedReader;
  readonly networkInterfaces: ReturnType<typeof createNetworkInterfacesReader>;
  readonly caller: CallerReader;
  readonly answerPolicyLook: AnswerPolicyLook;
}

/** The readers of one account and region, each shared by all links. */
export function createAnswering(options: AnswerLookOptions): Answering {
  const { answerPolicyLook, caller, context, merges, networkInterfaces, owned } = options;
  const vpcs = createVpcsReader(context);
  const vpcDnsAttributes = createVpcDnsAttributesReader(context);
  const subnets = createSubnetsReader(context);
  const subnetsById = createSubnetsByIdReader(context);
  const endpointServices = createEndpointServicesReader(context);
  const vpcEndpoints = createVpcEndpointsReader(context);
  const securityGroups = createSecurityGroupsReader(context);
  const securityGroupUses = createSecurityGroupUsesReader(context);
  const prefixLists = createPrefixListsReader(context);
  const serviceEndpoints = createServiceEndpointsReader(context, networkInterfaces);

  const answerLook: AnswerLook = async (look, ask) => {
    switch (look.kind) {
      case 'Caller':
        return caller(ask);
      case 'Owned':
        return merges.mergeOwnedOf(await owned(ask), look.owner);
      case 'ClusterHoldings':
        return merges.mergeOwned(await owned(ask), look.exceptUids);
      case 'Vpcs':
        return vpcs(look.selector, ask);
      case 'VpcDnsAttributes':
        return vpcDnsAttributes(look.vpcId, ask);
      case 'Subnets':
      case 'FreeAddresses':
        return subnets(look.vpcId, ask);
      case 'SubnetsById':
        return subnetsById(look.ids, ask);
      case 'EndpointServices':
        return endpointServices(look.names, ask);
      case 'VpcEndpoints': {
        const endpoints = await vpcEndpoints(look.vpcId, look.serviceNames, ask);
        return merges.mergeVpcEndpoints(endpoints, look);
      }
      case 'SecurityGroups':
        return securityGroups(look.ids, ask);
      case 'SecurityGroupsByName':
        return readNamedGroups(context, look, ask);
      case 'SecurityGroupUses':
        return securityGroupUses(look.groupIds, ask);
      case 'PrefixLists':
        return prefixLists(look.ids, ask);
      case 'NetworkInterfaces':
        return networkInterfaces(look.ids, ask);
      case 'ClientServices':
        return serviceEndpoints(look.vpcId, look.serviceNames, ask);
      case 'PolicyNames':
      case 'ManagedPolicy':
      case 'PoliciesByARN':
      case 'PolicyVersions':
      case 'PolicyBoundaryUses':
      case 'PrincipalPolicies':
        return answerPolicyLook(look, ask);
      default:
        return look satisfies never;
    }
  };
  return { answerLook, expect: expecting({ vpcs, subnets }) };
}

interface ExpectingReaders {
  readonly vpcs: ReturnType<typeof createVpcsReader>;
  readonly subnets: ReturnType<typeof createSubnetsReader>;
}

/** The readers of which one call answers for many links. */
function expecting({ vpcs, subnets }: ExpectingReaders): Answering['expect'] {
  return (looks) => {
    for (const look of looks) {
      if (look.kind === 'Subnets') subnets.expect([look.vpcId]);
      if (look.kind === 'Vpcs' && 'id' in look.selector) vpcs.expect([look.selector.id]);
    }
  };
}
