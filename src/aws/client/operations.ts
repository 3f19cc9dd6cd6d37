import type * as ec2 from '@aws-sdk/client-ec2';
import type * as sqs from '@aws-sdk/client-sqs';
import type * as sts from '@aws-sdk/client-sts';
import type { IamOperations } from './iam-operations.ts';
import type { Operation } from './operation.ts';

/**
 * Every AWS operation in use, by the name that IAM has for it. Types only: the readers and writers
 * that are built on this do not load the SDK.
 */
export interface AwsOperations extends IamOperations {
  'sts:AssumeRole': Operation<sts.AssumeRoleCommandInput, sts.AssumeRoleCommandOutput>;
  'sts:GetCallerIdentity': Operation<
    sts.GetCallerIdentityCommandInput,
    sts.GetCallerIdentityCommandOutput
  >;
  'sqs:ReceiveMessage': Operation<sqs.ReceiveMessageCommandInput, sqs.ReceiveMessageCommandOutput>;
  'sqs:DeleteMessageBatch': Operation<
    sqs.DeleteMessageBatchCommandInput,
    sqs.DeleteMessageBatchCommandOutput
  >;
  'ec2:DescribeVpcs': Operation<ec2.DescribeVpcsCommandInput, ec2.DescribeVpcsCommandOutput>;
  'ec2:DescribeVpcAttribute': Operation<
    ec2.DescribeVpcAttributeCommandInput,
    ec2.DescribeVpcAttributeCommandOutput
  >;
  'ec2:DescribeSubnets': Operation<
    ec2.DescribeSubnetsCommandInput,
    ec2.DescribeSubnetsCommandOutput
  >;
  'ec2:DescribeVpcEndpointServices': Operation<
    ec2.DescribeVpcEndpointServicesCommandInput,
    ec2.DescribeVpcEndpointServicesCommandOutput
  >;
  'ec2:DescribeVpcEndpoints': Operation<
    ec2.DescribeVpcEndpointsCommandInput,
    ec2.DescribeVpcEndpointsCommandOutput
  >;
  'ec2:DescribeSecurityGroups': Operation<
    ec2.DescribeSecurityGroupsCommandInput,
    ec2.DescribeSecurityGroupsCommandOutput
  >;
  'ec2:DescribeSecurityGroupRules': Operation<
    ec2.DescribeSecurityGroupRulesCommandInput,
    ec2.DescribeSecurityGroupRulesCommandOutput
  >;
  'ec2:DescribeManagedPrefixLists': Operation<
    ec2.DescribeManagedPrefixListsCommandInput,
    ec2.DescribeManagedPrefixListsCommandOutput
  >;
  'ec2:GetManagedPrefixListEntries': Operation<
    ec2.GetManagedPrefixListEntriesCommandInput,
    ec2.GetManagedPrefixListEntriesCommandOutput
  >;
  'ec2:DescribeNetworkInterfaces': Operation<
    ec2.DescribeNetworkInterfacesCommandInput,
    ec2.DescribeNetworkInterfacesCommandOutput
  >;
  'ec2:CreateSecurityGroup': Operation<
    ec2.CreateSecurityGroupCommandInput,
    ec2.CreateSecurityGroupCommandOutput
  >;
  'ec2:DeleteSecurityGroup': Operation<
    ec2.DeleteSecurityGroupCommandInput,
    ec2.DeleteSecurityGroupCommandOutput
  >;
  'ec2:AuthorizeSecurityGroupIngress': Operation<
    ec2.AuthorizeSecurityGroupIngressCommandInput,
    ec2.AuthorizeSecurityGroupIngressCommandOutput
  >;
  'ec2:RevokeSecurityGroupIngress': Operation<
    ec2.RevokeSecurityGroupIngressCommandInput,
    ec2.RevokeSecurityGroupIngressCommandOutput
  >;
  'ec2:RevokeSecurityGroupEgress': Operation<
    ec2.RevokeSecurityGroupEgressCommandInput,
    ec2.RevokeSecurityGroupEgressCommandOutput
  >;
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress': Operation<
    ec2.UpdateSecurityGroupRuleDescriptionsIngressCommandInput,
    ec2.UpdateSecurityGroupRuleDescriptionsIngressCommandOutput
  >;
  'ec2:CreateVpcEndpoint': Operation<
    ec2.CreateVpcEndpointCommandInput,
    ec2.CreateVpcEndpointCommandOutput
  >;
  'ec2:ModifyVpcEndpoint': Operation<
    ec2.ModifyVpcEndpointCommandInput,
    ec2.ModifyVpcEndpointCommandOutput
  >;
  'ec2:DeleteVpcEndpoints': Operation<
    ec2.DeleteVpcEndpointsCommandInput,
    ec2.DeleteVpcEndpointsCommandOutput
  >;
  'ec2:CreateTags': Operation<ec2.CreateTagsCommandInput, ec2.CreateTagsCommandOutput>;
  'ec2:DeleteTags': Operation<ec2.DeleteTagsCommandInput, ec2.DeleteTagsCommandOutput>;
}

/** The name of an operation with its service, such as `ec2:CreateVpcEndpoint`: IAM's, but for batches. */
export type AwsAction = keyof AwsOperations;

export type InputOf<A extends AwsAction> = AwsOperations[A]['input'];
export type OutputOf<A extends AwsAction> = AwsOperations[A]['output'];

/** Sees an answer before the SDK parses it. */
export interface AnswerSieve {
  /** The list of the SDK's output that holds the items, such as `VpcEndpoints`. */
  readonly member: string;
  /** Begins with an answer, in the place of one that was begun before. */
  begin(): SiftedAnswer;
}

/** An answer that is sifted as it comes. */
export interface SiftedAnswer {
  /** Takes the next piece of its text, which may end anywhere. */
  add(piece: string): void;
  /**
   * The answer without what needs no parsing, as one document or as several, in each of which are some of
   * the items and all else.
   *
   * @param mostItems in a document @default all are in one
   * @throws CloudError if it cannot be sifted after all, and is no longer whole
   */
  documents(mostItems?: number): Iterable<string>;
}

/** How to send one request. */
export interface SendOptions {
  readonly signal: AbortSignal;
  /** Sees the answer before it is parsed; a transport that has none to show ignores it. */
  readonly sieve?: AnswerSieve | undefined;
}

/** Sends one request and nothing else: no retry, no limit. Throws whatever the SDK throws. */
export interface AwsTransport {
  send<A extends AwsAction>(
    action: A,
    input: InputOf<A>,
    options: SendOptions,
  ): Promise<OutputOf<A>>;
}
