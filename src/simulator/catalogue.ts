import { stableNumber } from './ids.ts';
import { type Partition, partitionOf } from './partitions.ts';

export type ServiceType = 'Interface' | 'Gateway';

/** An endpoint service of AWS in one region. */
export interface CatalogueService {
  readonly name: string;
  readonly id: string;
  readonly type: ServiceType;
  readonly owner: string;
  /** What names of endpoints end in: `api.sagemaker.us-east-1.vpce.amazonaws.com`. */
  readonly baseDnsName: string;
  readonly privateDnsNames: readonly string[];
  readonly policySupported: boolean;
  readonly acceptanceRequired: boolean;
  readonly ipAddressTypes: readonly string[];
}

interface SageMakerService {
  /** The name after the partition's prefix; `aws.` names have no such prefix. */
  readonly name: (region: string) => string;
  readonly base: (region: string, partition: Partition) => string;
  readonly privateDnsNames: (region: string, partition: Partition) => readonly string[];
  readonly policySupported?: false;
  readonly dualStack?: true;
}

/**
 * Names as AWS's PrivateLink page lists them; private DNS names measured for api, runtime, notebook
 * and studio, and by the host that AWS's SDK dials for the others. AWS publishes no private name
 * for mlflow and partner-app: the names here are only of a plausible form.
 */
const sageMakerServices: readonly SageMakerService[] = [
  controlPlane('api', true),
  controlPlane('runtime', true),
  controlPlane('api-fips', false),
  { ...controlPlane('runtime-fips', false), policySupported: false },
  controlPlane('featurestore-runtime', false),
  controlPlane('featurestore-runtime-fips', false),
  controlPlane('metrics', false),
  topLevel('sagemaker-geospatial'),
  topLevel('sagemaker-data-science-assistant'),
  webApplication('notebook', (region, { sagemakerSuffix }) => [
    `*.notebook.${region}.${sagemakerSuffix}`,
  ]),
  webApplication('studio', studioNames),
  {
    ...webApplication('experiments', (region, { sagemakerSuffix }) => [
      `${region}.experiments.${sagemakerSuffix}`,
      `*.${region}.experiments.${sagemakerSuffix}`,
    ]),
    dualStack: true,
  },
  webApplication('mlflow', (region, { sagemakerSuffix }) => [
    `*.mlflow.${region}.${sagemakerSuffix}`,
  ]),
  {
    ...webApplication('partner-app', (region, { sagemakerSuffix }) => [
      `*.partner-app.${region}.${sagemakerSuffix}`,
    ]),
    dualStack: true,
  },
];

function controlPlane(part: string, dualStackName: boolean): SageMakerService {
  return {
    name: (region) => `${region}.sagemaker.${part}`,
    base: (region, { dnsSuffix }) => `${part}.sagemaker.${region}.vpce.${dnsSuffix}`,
    privateDnsNames: (region, { dnsSuffix, dualStackDnsSuffix }) => [
      `${part}.sagemaker.${region}.${dnsSuffix}`,
      ...(dualStackName ? [`${part}.sagemaker.${region}.${dualStackDnsSuffix}`] : []),
    ],
    // A service with a dual-stack name can be reached over IPv6.
    ...(dualStackName ? { dualStack: true } : {}),
  };
}

function topLevel(name: string): SageMakerService {
  return {
    name: (region) => `${region}.${name}`,
    base: (region, { dnsSuffix }) => `${name}.${region}.vpce.${dnsSuffix}`,
    privateDnsNames: (region, { dnsSuffix }) => [`${name}.${region}.${dnsSuffix}`],
  };
}

function webApplication(
  part: string,
  privateDnsNames: SageMakerService['privateDnsNames'],
): SageMakerService {
  return {
    name: (region) => `aws.sagemaker.${region}.${part}`,
    base: (region, { sagemakerSuffix }) => `${part}.${region}.vpce.${sagemakerSuffix}`,
    privateDnsNames,
  };
}

function studioNames(region: string, { id, sagemakerSuffix }: Partition): readonly string[] {
  const own = [`studio.${region}.${sagemakerSuffix}`, `*.studio.${region}.${sagemakerSuffix}`];
  if (id !== 'aws') return own;
  return [...own, `studio.sagemaker.${region}.app.aws`, `*.studio.sagemaker.${region}.app.aws`];
}

/** Other services that a cluster without a way out needs beside SageMaker, by their SDK host. */
const otherServices = ['ec2', 'sts', 'kms', 'logs', 'monitoring', 'eks-auth', 'secretsmanager'];

/** The endpoint services that a region has at the start. */
export function servicesOf(region: string): CatalogueService[] {
  const partition = partitionOf(region);
  const sageMaker = sageMakerServices.map((service) => {
    const local = service.name(region);
    return interfaceService(region, {
      name: local.startsWith('aws.') ? local : `${partition.servicePrefix}.${local}`,
      baseDnsName: service.base(region, partition),
      privateDnsNames: service.privateDnsNames(region, partition),
      policySupported: service.policySupported ?? true,
      ipAddressTypes: service.dualStack === true ? ['ipv4', 'ipv6'] : ['ipv4'],
    });
  });
  const others = otherServices.map((name) =>
    interfaceService(region, {
      name: `com.amazonaws.${region}.${name}`,
      baseDnsName: `${name}.${region}.vpce.${partition.dnsSuffix}`,
      privateDnsNames: [`${name}.${region}.${partition.dnsSuffix}`],
      ipAddressTypes: ['ipv4', 'ipv6'],
    }),
  );
  return [...sageMaker, ...others, ...iamServices(region, partition), ...gateways(region)];
}

/** IAM can be reached privately in one region of each partition (IAM user guide). */
function iamServices(region: string, partition: Partition): CatalogueService[] {
  if (region !== partition.iamRegion) return [];
  const baseDnsName = `iam.vpce.${partition.dnsSuffix}`;
  const privateDnsNames = [`iam.${partition.dnsSuffix}`];
  return [interfaceService(region, { name: 'com.amazonaws.iam', baseDnsName, privateDnsNames })];
}

function gateways(region: string): CatalogueService[] {
  return ['s3', 'dynamodb'].map((name) => ({
    ...interfaceService(region, {
      name: `com.amazonaws.${region}.${name}`,
      baseDnsName: `${name}.${region}.${partitionOf(region).dnsSuffix}`,
      privateDnsNames: [],
    }),
    type: 'Gateway' as const,
  }));
}

/** A service of type Interface with Amazon's usual properties, but for what is given. */
export function interfaceService(
  region: string,
  given: Partial<CatalogueService> & { readonly name: string },
): CatalogueService {
  const number = stableNumber(`${region}/${given.name}`, 2 ** 48)
    .toString(16)
    .padStart(16, '0');
  const id = `vpce-svc-0${number}`;
  return {
    id,
    type: 'Interface',
    owner: 'amazon',
    baseDnsName: `${id}.${region}.vpce.${partitionOf(region).dnsSuffix}`,
    privateDnsNames: [],
    policySupported: true,
    acceptanceRequired: false,
    ipAddressTypes: ['ipv4'],
    ...given,
  };
}
