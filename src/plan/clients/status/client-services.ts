/** The other AWS services that a link's pods may reach: which are asked for, and as they were found. */
import type {
  ClientServiceStatus,
  SageMakerPrivateLinkSpec,
} from '../../../api/sagemaker-private-link.ts';
import { isFullServiceName, servicePrefixes } from '../../endpoint/service-catalogue.ts';
import type { ServiceEndpoint } from '../../facts.ts';
import type { Look } from '../../looks.ts';
import { missingService, unknownService } from '../wanted-egress.ts';

/** Where services are looked for. */
export interface ServicePlace {
  readonly region: string;
  readonly partition: string;
}

/** The full names that a service of spec.clients.networkPolicy.egress.awsServices may have. */
function fullNames(name: string, { region, partition }: ServicePlace): readonly string[] {
  if (isFullServiceName(name)) return [name];
  return servicePrefixes(partition).map((prefix) => `${prefix}.${region}.${name}`);
}

/** The question to AWS about the services that a spec names; none without any. */
export function clientServiceLooks(
  { clients, region }: SageMakerPrivateLinkSpec,
  vpcId: string,
  partition: string,
): readonly Look[] {
  const names = clients?.networkPolicy?.egress.awsServices ?? [];
  const serviceNames = names.flatMap((name) => fullNames(name, { region, partition }));
  if (serviceNames.length === 0) return [];
  return [{ kind: 'ClientServices', vpcId, serviceNames: [...new Set(serviceNames)].sort() }];
}

/** How services are shown whose endpoints AWS could not be asked for. */
export interface UnansweredServices {
  readonly former: readonly ClientServiceStatus[];
  /** Why. */
  readonly message: string;
}

/** The services of the spec in the form of the status, in the order of the spec. */
export function clientServiceStatuses(
  { clients, region }: SageMakerPrivateLinkSpec,
  partition: string,
  endpoints: readonly ServiceEndpoint[],
): readonly ClientServiceStatus[] {
  const names = clients?.networkPolicy?.egress.awsServices ?? [];
  return names.map((service) => {
    const candidates = fullNames(service, { region, partition });
    const found = endpoints.filter(({ serviceName }) => candidates.includes(serviceName));
    return found.length === 0 ? missing(service, candidates) : statusOf(service, found);
  });
}

/** The same while AWS does not answer: addresses that were known stay as they are. */
export function unansweredServices(
  { clients }: SageMakerPrivateLinkSpec,
  { former, message }: UnansweredServices,
): readonly ClientServiceStatus[] {
  const names = clients?.networkPolicy?.egress.awsServices ?? [];
  return names.map((service) => {
    const before = former.find((one) => one.service === service);
    return before ?? { service, state: unknownService, message };
  });
}

function missing(service: string, candidates: readonly string[]): ClientServiceStatus {
  return {
    service,
    state: missingService,
    message: `The VPC has no endpoint of ${candidates.join(' or ')}. Create one, or take ${service} out of spec.clients.networkPolicy.egress.awsServices.`,
  };
}

function statusOf(service: string, found: readonly ServiceEndpoint[]): ClientServiceStatus {
  const [first] = found.toSorted((a, b) => rankOf(a) - rankOf(b));
  const addresses = distinct(found.flatMap((one) => one.addresses));
  const cidrs = distinct(found.flatMap((one) => one.cidrs));
  const shown = found.some(({ isPartlyShown }) => isPartlyShown)
    ? { state: unknownService, message: 'AWS does not show every address of the endpoint yet.' }
    : { state: first?.state ?? missingService };
  return {
    service,
    ...(first === undefined ? {} : { serviceName: first.serviceName }),
    ...shown,
    ...(addresses.length === 0 ? {} : { addresses }),
    ...(cidrs.length === 0 ? {} : { cidrs }),
  };
}

/** An endpoint that is available speaks for the service before one that is not. */
function rankOf({ state }: ServiceEndpoint): number {
  return state === 'available' ? 0 : 1;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
