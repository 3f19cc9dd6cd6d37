import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  CreateVpcEndpointCommand,
  DeleteSecurityGroupCommand,
  DeleteTagsCommand,
  DeleteVpcEndpointsCommand,
  DescribeManagedPrefixListsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcEndpointServicesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
  ModifyVpcEndpointCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import type { AwsCredentialIdentityProvider, Logger } from '@smithy/types';
import type { QueueClient } from '../drift-events/queue-sdk.ts';
import { expectManyListeners } from '../../runtime/on-abort.ts';
import { iamCommands } from './iam-commands.ts';
import { type Siftable, siftAnswer } from './items/item-sieve.ts';
import type { AwsAction, AwsTransport, InputOf, OutputOf, SendOptions } from './operations.ts';
import { requestTimeoutOf } from './request-handler.ts';
import { type Fenceable, fenceWrites } from './write-fence.ts';

/** Operations of services whose client is loaded when it is first needed. */
type LateAction = Extract<AwsAction, `sqs:${string}`>;

/** The SDK's class for each of some operations. */
type CommandClasses<Actions extends AwsAction = AwsAction> = {
  readonly [A in Actions]: new (
    input: InputOf<A>,
  ) => object;
};

const commands: CommandClasses<Exclude<AwsAction, LateAction>> = {
  ...iamCommands,
  'iam:SimulatePrincipalPolicy': SimulatePrincipalPolicyCommand,
  'sts:AssumeRole': AssumeRoleCommand,
  'sts:GetCallerIdentity': GetCallerIdentityCommand,
  'ec2:DescribeVpcs': DescribeVpcsCommand,
  'ec2:DescribeVpcAttribute': DescribeVpcAttributeCommand,
  'ec2:DescribeSubnets': DescribeSubnetsCommand,
  'ec2:DescribeVpcEndpointServices': DescribeVpcEndpointServicesCommand,
  'ec2:DescribeVpcEndpoints': DescribeVpcEndpointsCommand,
  'ec2:DescribeSecurityGroups': DescribeSecurityGroupsCommand,
  'ec2:DescribeSecurityGroupRules': DescribeSecurityGroupRulesCommand,
  'ec2:DescribeManagedPrefixLists': DescribeManagedPrefixListsCommand,
  'ec2:GetManagedPrefixListEntries': GetManagedPrefixListEntriesCommand,
  'ec2:DescribeNetworkInterfaces': DescribeNetworkInterfacesCommand,
  'ec2:CreateSecurityGroup': CreateSecurityGroupCommand,
  'ec2:DeleteSecurityGroup': DeleteSecurityGroupCommand,
  'ec2:AuthorizeSecurityGroupIngress': AuthorizeSecurityGroupIngressCommand,
  'ec2:RevokeSecurityGroupIngress': RevokeSecurityGroupIngressCommand,
  'ec2:RevokeSecurityGroupEgress': RevokeSecurityGroupEgressCommand,
  'ec2:UpdateSecurityGroupRuleDescriptionsIngress':
    UpdateSecurityGroupRuleDescriptionsIngressCommand,
  'ec2:CreateVpcEndpoint': CreateVpcEndpointCommand,
  'ec2:ModifyVpcEndpoint': ModifyVpcEndpointCommand,
  'ec2:DeleteVpcEndpoints': DeleteVpcEndpointsCommand,
  'ec2:CreateTags': CreateTagsCommand,
  'ec2:DeleteTags': DeleteTagsCommand,
};

export interface SdkTransportOptions {
  readonly region: string;
  readonly credentials: AwsCredentialIdentityProvider;
  /** Shared by all transports, so that there is one pool of connections. */
  readonly requestHandler: NodeHttpHandler;
  /** Asked right before each change is sent; see `fenceWrites`. @default always */
  readonly mayWrite?: (() => boolean) | undefined;
}

type ClientClass = typeof EC2Client | typeof IAMClient | typeof STSClient | typeof QueueClient;

/** The SDK's classes for a service. */
interface ServiceClasses {
  readonly Client: ClientClass;
  readonly commands: Partial<CommandClasses>;
}

const services: Readonly<Record<string, ServiceClasses>> = {
  ec2: { Client: EC2Client, commands },
  // IAM is global: the SDK knows the one endpoint of the region's partition.
  iam: { Client: IAMClient, commands },
  sts: { Client: STSClient, commands },
};

/** Those of a service that few need, loaded when its first call is made. */
async function lateClasses(service: string): Promise<ServiceClasses> {
  if (service !== 'sqs') throw new TypeError(`no client for ${service}`);
  const sdk = await import('../drift-events/queue-sdk.ts');
  const late: CommandClasses<LateAction> = sdk.queueCommands;
  return { Client: sdk.QueueClient, commands: late };
}

/**
 * AWS over its SDK. Endpoints follow the SDK's own settings (`AWS_ENDPOINT_URL`, ...). The SDK's
 * retries are off: they would not outlast a bucket of 0.3 calls per second, and they count IAM's
 * quota errors as throttling. The call budget decides instead.
 */
export function createSdkTransport({ mayWrite, ...given }: SdkTransportOptions): AwsTransport {
  const config = { ...given, logger, maxAttempts: 1, userAgentAppId: 'sagemaker-privatelink' };
  const clients = new Map<string, Sender>();

  /** Made when first needed: most sessions of single links never ask IAM or STS anything. */
  function clientOf(service: string, Client: ClientClass): Sender {
    const known = clients.get(service);
    if (known !== undefined) return known;
    const client = new Client(config) as Sender;
    if (mayWrite !== undefined) fenceWrites(client, service, mayWrite);
    clients.set(service, client);
    return client;
  }

  async function send<A extends AwsAction>(
    action: A,
    input: InputOf<A>,
    { signal, sieve }: SendOptions,
  ): Promise<OutputOf<A>> {
    expectManyListeners(signal);
    const service = action.slice(0, action.indexOf(':'));
    const { Client, commands: known } = services[service] ?? (await lateClasses(service));
    const Command = known[action];
    if (Command === undefined) throw new TypeError(`no command for ${action}`);
    // The tables above pair each action with its client and command; the types cannot follow.
    const requestTimeout = requestTimeoutOf(action);
    const limit = requestTimeout === undefined ? {} : { requestTimeout };
    const options = { abortSignal: signal, ...limit };
    const command = new Command(input);
    if (sieve !== undefined) siftAnswer(command as Siftable, sieve, signal);
    return (await clientOf(service, Client).send(command, options)) as OutputOf<A>;
  }

  return { send };
}

/**
 * The SDK copies every input and answer for the logger that is to tell of it, also for its own, which
 * tells nothing. For one that cannot tell of any it does not; `warn` alone is called without a question.
 */
const logger = { warn: () => undefined } as Partial<Logger> as Logger;

interface Sender extends Fenceable {
  send(
    command: object,
    options: { readonly abortSignal: AbortSignal; readonly requestTimeout?: number },
  ): Promise<unknown>;
}
