/** The people and resources of the story. */
import type { RegionControl } from '../src/simulator/control/region-control.ts';
import type { WorldControl } from '../src/simulator/control/world-control.ts';
import type { ClientPod } from './client-pod.ts';
import type { Source } from './notebook-url.ts';
import type { LinkManifest } from './stage.ts';

export const regionName = 'eu-west-1';
export const roleName = 'DataScientist';

/** Addresses for documentation: the office's is in the spec, the thief's is not. */
export const thiefAddress = '198.51.100.23';
export const thief = fromInternet('a thief', thiefAddress);
export const office = fromInternet('the office', '203.0.113.7');
/** Stands for the rest of the internet, as in `clients --audit`. */
export const internetAddress = '192.0.2.1';

function fromInternet(who: string, address: string): Source {
  return { words: `${who}, ${address}`, context: { 'aws:SourceIp': address } };
}

export const trainer: ClientPod = {
  namespace: 'ml-team',
  namespaceLabels: { ml: 'true', 'kubernetes.io/metadata.name': 'ml-team' },
  name: 'trainer',
  labels: { app: 'trainer' },
};

export interface Cast {
  /** The link of the story. */
  readonly link: LinkManifest;
  /** A link to a service that another team has an endpoint for already. */
  readonly rival: LinkManifest;
  readonly vpcId: string;
  /** The name of SageMaker's API that SDKs dial. */
  readonly apiName: string;
  /** The role of the people whose notebook it is. */
  readonly roleArn: string;
  readonly notebookArn: string;
  /** The endpoint of another team, which no link owns. */
  readonly theirs: string;
}

/** Makes the people, their notebook and what another team has, and the links for the default VPC of the region. */
export function castIn(world: WorldControl): Cast {
  const region = world.region(regionName);
  const { id: vpcId } = region.defaultVpc();
  const place = {
    region: regionName,
    vpc: { id: vpcId },
    subnets: { ids: region.subnets(vpcId).map(({ id }) => id) },
  };
  const link = manifest('ml-demo', {
    ...place,
    endpoints: [{ service: 'api' }, { service: 'notebook' }],
    notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: [roleName] } },
    clients: {
      namespaceSelector: { matchLabels: { ml: 'true' } },
      networkPolicy: { podSelector: {} },
    },
  });
  const rival = manifest('ml-serving', { ...place, endpoints: [{ service: 'runtime' }] });
  const theirs = makeTheirs(region, vpcId);
  const role = world.account().createPrincipal({ kind: 'role', name: roleName });
  const inlinePolicies = { 'use-sagemaker': JSON.stringify(useOfSageMaker) };
  world.account().changePrincipal(role, { inlinePolicies });
  const { name } = world.sageMaker(regionName).addNotebookInstance({ name: 'churn-model' });
  const account = world.defaultAccountId;
  const notebookArn = `arn:aws:sagemaker:${regionName}:${account}:notebook-instance/${name}`;
  const apiName = `api.sagemaker.${regionName}.amazonaws.com`;
  return { link, rival, vpcId, apiName, roleArn: role.arn, notebookArn, theirs };
}

/** The other team has made it by hand, with private DNS and tags of its own. */
function makeTheirs(region: RegionControl, vpcId: string): string {
  const former = new Set(region.endpoints().map(({ id }) => id));
  region.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    VpcId: vpcId,
    ServiceName: `com.amazonaws.${regionName}.sagemaker.runtime`,
    'SubnetId.1': region.subnets(vpcId)[0]?.id ?? '',
    PrivateDnsEnabled: 'true',
    'TagSpecification.1.ResourceType': 'vpc-endpoint',
    'TagSpecification.1.Tag.1.Key': 'team',
    'TagSpecification.1.Tag.1.Value': 'fraud-detection',
  });
  const made = region.endpoints().find(({ id }) => !former.has(id));
  if (made === undefined) throw new Error('the other team has no endpoint');
  return made.id;
}

const useOfSageMaker = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' }],
};

/** Fields that are left out get the defaults of the kind. */
function manifest(name: string, spec: object): LinkManifest {
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name },
    spec: spec as LinkManifest['spec'],
  };
}
