import { setMaxListeners } from 'node:events';
import {
  type CloudDirectory,
  type CloudDirectoryOptions,
  createCloudDirectory,
} from '../../../src/aws/accounts/cloud-directory.ts';
import type { CreateVpcEndpoint } from '../../../src/plan/endpoint/actions.ts';
import type { Cloud } from '../../../src/plan/cloud.ts';
import type { Action, ResultOf } from '../../../src/plan/actions.ts';
import type { AnswerTo, Look, OwnerIdentity } from '../../../src/plan/looks.ts';
import { ownershipTags } from '../../../src/plan/ownership/ownership.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import type { SimulatorOptions } from '../../../src/simulator/options.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';

const region = 'eu-west-1';
export const apiService = `com.amazonaws.${region}.sagemaker.api`;
export const runtimeService = `com.amazonaws.${region}.sagemaker.runtime`;
export const owner: OwnerIdentity = { clusterId: 'cluster-1', uid: 'uid-1', name: 'link' };

/** The AWS layer over the real SDK, and the simulated AWS that answers it. */
export interface SimulatedCloud {
  readonly simulator: Simulator;
  readonly aws: RegionControl;
  readonly directory: CloudDirectory;
  readonly cloud: Cloud;
  look<L extends Look>(question: L): Promise<AnswerTo<L>>;
  apply<A extends Action>(action: A): Promise<ResultOf<A>>;
  /** A group of the link in the default VPC. */
  createGroup(uid?: string): Promise<string>;
  /** A creation in one subnet of the default VPC, to be applied. */
  creation(fields: Partial<CreateVpcEndpoint>): CreateVpcEndpoint;
  close(): Promise<void>;
}

/** Seconds of AWS are milliseconds here: endpoints are pending for 60 ms and deleting for 60 ms. */
export async function startSimulatedCloud(
  options: {
    readonly simulator?: SimulatorOptions;
    readonly directory?: Partial<CloudDirectoryOptions>;
  } = {},
): Promise<SimulatedCloud> {
  const simulator = await startSimulator({
    pendingMs: 60,
    deletingMs: 60,
    tombstoneMs: 30,
    throttling: false,
    ...options.simulator,
  });
  Object.assign(process.env, awsClientEnvironment(simulator.url, region));
  const directory = createCloudDirectory({
    clusterId: owner.clusterId,
    gatherMs: 5,
    limits: { 'ec2:CreateVpcEndpoint': { burst: 100, perSecond: 100 } },
    ...options.directory,
  });
  const cloud = directory.cloudFor({ region });
  const aws = simulator.world.region(region);
  const { signal } = new AbortController();
  setMaxListeners(0, signal);
  const vpcId = aws.defaultVpc().id;

  async function createGroup(uid = owner.uid): Promise<string> {
    const name = `group-of-${uid}`;
    const { group } = await cloud.apply(
      {
        kind: 'CreateSecurityGroup',
        reason: 'r',
        name,
        description: 'd',
        vpcId,
        vpcHasIpv6: false,
        tags: tagsOf(uid),
      },
      { signal },
    );
    return group.id;
  }

  function creation(fields: Partial<CreateVpcEndpoint>): CreateVpcEndpoint {
    return {
      kind: 'CreateVpcEndpoint',
      reason: 'missing',
      serviceName: apiService,
      vpcId,
      subnetIds: aws
        .subnets(vpcId)
        .slice(0, 1)
        .map(({ id }) => id),
      addresses: [],
      securityGroupIds: [],
      ipAddressType: 'ipv4',
      privateDnsEnabled: true,
      tags: tagsOf(owner.uid),
      clientToken: 'token-1',
      ...fields,
    };
  }

  return {
    simulator,
    aws,
    directory,
    cloud,
    look: (question) => cloud.look(question, { since: cloud.now(), signal }),
    apply: (action) => cloud.apply(action, { signal }),
    createGroup,
    creation,
    async close() {
      directory.close();
      await simulator.close();
    },
  };
}

export function tagsOf(uid: string): Record<string, string> {
  return { [ownershipTags.cluster]: owner.clusterId, [ownershipTags.uid]: uid };
}
