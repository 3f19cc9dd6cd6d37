import { stableNumber } from './ids.ts';
import { type Partition, partitionOf } from './partitions.ts';

export type ServiceType = 'Interface' | 'Gateway';

/** An endpoint service of AWS in one region. */
export interface CatalogueService {
  readonly name: string;
  readonly id: string;
  readonly type: ServiceType;
  readonly owner: string;
  /** The end of endpoints' names: `api.sagemaker.us-east-1.vpce.amazonaws.com`. */
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
  /** Whether the service is in the region. */
  readonly isIn: (region: string, partition: Partition) => boolean;
}

/**
 * Names as AWS's PrivateLink page lists them; private DNS names measured for api, runtime, notebook
 * and studio, and by the host that AWS's SDK dials for the others. AWS publishes no private name
 * for mlflow and partner-app: the names here are only of a plausible form.
 */
const sageMakerServices: readonly SageMakerService[] = [
  controlPlane('api', true),
  controlPlane('runtime', true),
  { ...controlPlane('api-fips', false), isIn: inFips('api') },
  { ...controlPlane('runtime-fips', false), isIn: inFips('runtime'), policySupported: false },
  { ...controlPlane('featurestore-runtime', false), isIn: (_, { hasNotebooks }) => hasNotebooks },
  // AWS lists the name and no region; its host with FIPS is where that of the API is.
  { ...controlPlane('featurestore-runtime-fips', false), isIn: inFips('api') },
  { ...controlPlane('metrics', false), isIn: inRegionsOf('metrics') },
  { ...topLevel('sagemaker-geospatial'), isIn: inRegionsOf('geospatial') },
  { ...topLevel('sagemaker-data-science-assistant'), isIn: commercialOnly },
  webApplication('notebook', (region, { sagemakerSuffix }) => [
    `*.notebook.${region}.${sagemakerSuffix}`,
  ]),
  webApplication('studio', studioNames),
  {
    ...webApplication('experiments', (region, { sagemakerSuffix }) => [
      `${region}.experiments.${sagemakerSuffix}`,
      `*.${region}.experiments.${sagemakerSuffix}`,
    ]),
    isIn: commercialOnly,
    dualStack: true,
  },
  {
    ...webApplication('mlflow', (region, { sagemakerSuffix }) => [
      `*.mlflow.${region}.${sagemakerSuffix}`,
    ]),
    isIn: commercialOnly,
  },
  {
    ...webApplication('partner-app', (region, { sagemakerSuffix }) => [
      `*.partner-app.${region}.${sagemakerSuffix}`,
    ]),
    isIn: commercialOnly,
    dualStack: true,
  },
];

type SageMakerPart = keyof Partition['sageMaker'];

/** In a region that is not listed, one of a test for example, everything is there. */
function inRegionsOf(part: SageMakerPart): SageMakerService['isIn'] {
  return (region, { regions, sageMaker }) =>
    !regions.includes(region) || sageMaker[part].regions.includes(region);
}

function inFips(part: SageMakerPart): SageMakerService['isIn'] {
  return (region, { sageMaker }) => sageMaker[part].fips.includes(region);
}

/** AWS's list of endpoint services says nothing of other partitions. */
function commercialOnly(region: string, partition: Partition): boolean {
  return partition.id === 'aws' && inRegionsOf('api')(region, partition);
}

function controlPlane(part: string, dualStackName: boolean): SageMakerService {
  return {
    name: (region) => `${region}.sagemaker.${part}`,
    base: (region, { dnsSuffix }) => `${part}.sagemaker.${region}.vpce.${dnsSuffix}`,
    privateDnsNames: (region, { dnsSuffix, dualStackDnsSuffix }) => [
      `${part}.sagemaker.${region}.${dnsSuffix}`,
      ...(dualStackName ? [`${part}.sagemaker.${region}.${dualStackDnsSuffix}`] : []),
    ],
    isIn: inRegionsOf(part === 'runtime' ? 'runtime' : 'api'),
    // A service with a dual-stack name can be reached over IPv6.
    ...(dualStackName ? { dualStack: true } : {}),
  };
}

function topLevel(name: string): SageMakerService {
  return {
    name: (region) => `${region}.${name}`,
    base: (region, { dnsSuffix }) => `${name}.${region}.vpce.${dnsSuffix}`,
    isIn: inRegionsOf('api'),
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
    isIn: (region, partition) => partition.hasNotebooks && inRegionsOf('api')(region, partition),
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
  const sageMaker = sageMakerServices
    .filter(({ isIn }) => isIn(region, partition))
    .map((service) => sageMakerService(region, partition, service));
  const others = otherServices.map((name) =>
    interfaceService(region, {
      name: fullName(region, partition, name),
      baseDnsName: `${name}.${region}.vpce.${partition.dnsSuffix}`,
      privateDnsNames: [`${name}.${region}.${partition.dnsSuffix}`],
      ipAddressTypes: ['ipv4', 'ipv6'],
    }),
  );
  return [
    ...sageMaker,
    ...others,
    ...iamServices(region, partition),
    ...storage(region, partition),
  ];
}

/** The name with the prefix that it has in the partition. */
function fullName(region: string, { ownPrefix, prefixed }: Partition, name: string): string {
  return `${prefixed.includes(name) ? ownPrefix : 'com.amazonaws'}.${region}.${name}`;
}

function sageMakerService(
  region: string,
  partition: Partition,
  service: SageMakerService,
): CatalogueService {
  const local = service.name(region);
  const name = local.startsWith('aws.')
    ? local
    : fullName(region, partition, local.slice(region.length + 1));
  return interfaceService(region, {
    name,
    baseDnsName: service.base(region, partition),
    privateDnsNames: service.privateDnsNames(region, partition),
    policySupported: service.policySupported ?? true,
    ipAddressTypes: service.dualStack === true ? ['ipv4', 'ipv6'] : ['ipv4'],
  });
}

/** IAM can be reached privately in one region of each partition (IAM user guide). */
function iamServices(region: string, partition: Partition): CatalogueService[] {
  if (region !== partition.iamRegion) return [];
  const baseDnsName = `iam.vpce.${partition.dnsSuffix}`;
  const privateDnsNames = [`iam.${partition.dnsSuffix}`];
  return [interfaceService(region, { name: 'com.amazonaws.iam', baseDnsName, privateDnsNames })];
}

/**
 * S3 and DynamoDB have two services of one name: for gateways and for interfaces. Their private
 * names (S3's need a Resolver's endpoint or a gateway beside them) are not simulated.
 */
function storage(region: string, partition: Partition): CatalogueService[] {
  const { dnsSuffix } = partition;
  return ['s3', 'dynamodb'].flatMap((name) => [
    {
      ...interfaceService(region, {
        name: `com.amazonaws.${region}.${name}`,
        baseDnsName: `${name}.${region}.${dnsSuffix}`,
      }),
      id: serviceIdOf(`${region}/${name}/Gateway`),
      type: 'Gateway' as const,
    },
    interfaceService(region, {
      name: fullName(region, partition, name),
      baseDnsName: `${name}.${region}.vpce.${dnsSuffix}`,
    }),
  ]);
}

function serviceIdOf(text: string): string {
  return `vpce-svc-0${stableNumber(text, 2 ** 48)
    .toString(16)
    .padStart(16, '0')}`;
}

/** How a catalogue keeps its services: two may have one name, but not one name and type. */
export function serviceKey({ name, type }: Pick<CatalogueService, 'name' | 'type'>): string {
  return type === 'Interface' ? name : `${name} (${type})`;
}

/** A service of type Interface with Amazon's usual properties, but for what is given. */
export function interfaceService(
  region: string,
  given: Partial<CatalogueService> & { readonly name: string },
): CatalogueService {
  const id = serviceIdOf(`${region}/${given.name}`);
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
