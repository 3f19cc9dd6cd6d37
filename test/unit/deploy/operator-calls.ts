import type { ActionKind } from '../../../src/plan/actions.ts';
import type { LookKind, PolicyLook } from '../../../src/plan/looks.ts';
import { ownershipTags } from '../../../src/plan/ownership/ownership.ts';
import type { PolicyAction } from '../../../src/plan/notebook-policy/actions.ts';
import { serviceNameOf, shortServiceNames } from '../../../src/plan/endpoint/service-catalogue.ts';
import type { Authorization } from './authorize.ts';
import type { Placeholders } from './iam-documents.ts';

export const clusterTag = 'sagemaker.privatelink.dev/cluster';
export const uidTag = 'sagemaker.privatelink.dev/uid';
export const requestedCluster = `aws:RequestTag/${clusterTag}`;
export const resourceCluster = `aws:ResourceTag/${clusterTag}`;

/** A call to AWS as IAM sees it: one question for each resource that the call touches. */
export type Call = readonly Authorization[];

/** Builds the questions that EC2 asks, as its service authorization reference lists them. */
export class Ec2Questions {
  readonly values: Placeholders;

  constructor(values: Placeholders) {
    this.values = values;
  }

  arn(resource: string): string {
    const { PARTITION, REGION, ACCOUNT_ID } = this.values;
    return `arn:${PARTITION}:ec2:${REGION}:${ACCOUNT_ID}:${resource}`;
  }

  ask(action: string, resource: string, context: Authorization['context'] = {}): Authorization {
    return { action: `ec2:${action}`, resource: this.arn(resource), context };
  }

  describe(action: string): Authorization {
    return { action: `ec2:${action}`, resource: '*', context: {} };
  }

  /** Tags at creation are asked for on their own, with the action that creates. */
  tagsAtCreation(createAction: string, resource: string, cluster?: string): Authorization {
    return this.ask('CreateTags', resource, {
      'ec2:CreateAction': createAction,
      'aws:TagKeys': cluster === undefined ? ['team'] : [clusterTag, uidTag, 'team'],
      ...(cluster === undefined ? {} : { [requestedCluster]: cluster }),
    });
  }

  createSecurityGroup(cluster: string): Call {
    return [
      this.ask('CreateSecurityGroup', 'security-group/*', { [requestedCluster]: cluster }),
      this.ask('CreateSecurityGroup', 'vpc/vpc-1'),
      this.tagsAtCreation('CreateSecurityGroup', 'security-group/*', cluster),
    ];
  }

  createVpcEndpoint(serviceName: string, cluster: string): Call {
    return [
      this.ask('CreateVpcEndpoint', 'vpc-endpoint/*', {
        [requestedCluster]: cluster,
        'ec2:VpceServiceName': serviceName,
      }),
      this.ask('CreateVpcEndpoint', 'vpc/vpc-1'),
      this.ask('CreateVpcEndpoint', 'subnet/subnet-1'),
      this.ask('CreateVpcEndpoint', 'security-group/sg-of-the-user'),
      this.tagsAtCreation('CreateVpcEndpoint', 'vpc-endpoint/*', cluster),
    ];
  }

  /** A change of a security group or an endpoint that carries the cluster's tag. */
  change(action: string, resource: string, cluster: string): Authorization {
    return this.ask(action, resource, { [resourceCluster]: cluster });
  }

  modifyVpcEndpoint(cluster: string): Call {
    return [
      this.change('ModifyVpcEndpoint', 'vpc-endpoint/vpce-1', cluster),
      this.ask('ModifyVpcEndpoint', 'subnet/subnet-1'),
      this.ask('ModifyVpcEndpoint', 'security-group/sg-of-the-user'),
    ];
  }

  changeTags(action: 'CreateTags' | 'DeleteTags', keys: readonly string[], owner?: string): Call {
    const context = {
      ...(keys.length === 0 ? {} : { 'aws:TagKeys': keys }),
      ...(owner === undefined ? {} : { [resourceCluster]: owner }),
    };
    return ['vpc-endpoint/vpce-1', 'security-group/sg-1'].map((resource) =>
      this.ask(action, resource, context),
    );
  }
}

/** What IAM policies are asked and changed by: a shipped policy of its own allows it. */
export type NotebookAccessKind = PolicyLook['kind'] | PolicyAction['kind'];

/** What each look and each action of the operator at EC2 asks of IAM. */
export function operatorCalls(
  values: Placeholders,
): Readonly<Record<Exclude<LookKind | ActionKind, NotebookAccessKind>, readonly Call[]>> {
  const ec2 = new Ec2Questions(values);
  const cluster = values.CLUSTER_ID;
  const group = 'security-group/sg-1';
  const services = shortServiceNames.map((service) =>
    serviceNameOf({ service }, values.REGION, values.PARTITION),
  );
  return {
    Caller: [], // sts:GetCallerIdentity needs no permission.
    Owned: [
      [
        ec2.describe('DescribeVpcEndpoints'),
        ec2.describe('DescribeSecurityGroups'),
        ec2.describe('DescribeSecurityGroupRules'),
      ],
    ],
    ClusterHoldings: [
      [
        ec2.describe('DescribeVpcEndpoints'),
        ec2.describe('DescribeSecurityGroups'),
        ec2.describe('DescribeSecurityGroupRules'),
      ],
    ],
    Vpcs: [[ec2.describe('DescribeVpcs')]],
    VpcDnsAttributes: [[ec2.ask('DescribeVpcAttribute', 'vpc/vpc-1')]],
    Subnets: [[ec2.describe('DescribeSubnets')]],
    FreeAddresses: [[ec2.describe('DescribeSubnets')]],
    SubnetsById: [[ec2.describe('DescribeSubnets')]],
    EndpointServices: [[ec2.describe('DescribeVpcEndpointServices')]],
    VpcEndpoints: [[ec2.describe('DescribeVpcEndpoints')]],
    SecurityGroups: [[ec2.describe('DescribeSecurityGroups')]],
    SecurityGroupsByName: [
      [ec2.describe('DescribeSecurityGroups'), ec2.describe('DescribeSecurityGroupRules')],
    ],
    SecurityGroupUses: [
      [
        ec2.describe('DescribeNetworkInterfaces'),
        ec2.describe('DescribeSecurityGroups'),
        ec2.describe('DescribeVpcEndpoints'),
      ],
    ],
    PrefixLists: [[ec2.describe('DescribeManagedPrefixLists')]],
    NetworkInterfaces: [[ec2.describe('DescribeNetworkInterfaces')]],
    ClientServices: [
      [
        ec2.describe('DescribeManagedPrefixLists'),
        ec2.describe('DescribeNetworkInterfaces'),
        ec2.describe('DescribeVpcEndpoints'),
        ec2.ask('GetManagedPrefixListEntries', 'prefix-list/pl-1'),
      ],
    ],
    CreateSecurityGroup: [ec2.createSecurityGroup(cluster)],
    AuthorizeIngress: [
      [
        ec2.change('AuthorizeSecurityGroupIngress', group, cluster),
        ec2.ask('AuthorizeSecurityGroupIngress', 'security-group-rule/*'),
        ec2.tagsAtCreation('AuthorizeSecurityGroupIngress', 'security-group-rule/*'),
      ],
    ],
    RevokeIngress: [[ec2.change('RevokeSecurityGroupIngress', group, cluster)]],
    RevokeEgress: [[ec2.change('RevokeSecurityGroupEgress', group, cluster)]],
    UpdateRuleDescriptions: [
      [ec2.change('UpdateSecurityGroupRuleDescriptionsIngress', group, cluster)],
    ],
    DeleteSecurityGroup: [[ec2.change('DeleteSecurityGroup', group, cluster)]],
    CreateVpcEndpoint: services.map((name) => ec2.createVpcEndpoint(name, cluster)),
    ModifyVpcEndpoint: [ec2.modifyVpcEndpoint(cluster)],
    DeleteVpcEndpoints: [[ec2.change('DeleteVpcEndpoints', 'vpc-endpoint/vpce-1', cluster)]],
    CreateTags: [ec2.changeTags('CreateTags', ['team', 'Name'], cluster)],
    DeleteTags: [
      ec2.changeTags('DeleteTags', ['team'], cluster),
      // With `deletionPolicy: Retain` what stays has no owner any more.
      ec2.changeTags('DeleteTags', Object.values(ownershipTags), cluster),
    ],
  };
}
