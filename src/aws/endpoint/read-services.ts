import type { ServiceDetail } from '@aws-sdk/client-ec2';
import { CloudError } from '../../plan/cloud.ts';
import type { EndpointService } from '../../plan/facts.ts';
import { collectPages } from '../client/paginate.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'ec2:DescribeVpcEndpointServices';
const unknownNameCodes = ['InvalidServiceName', 'InvalidVpcEndpointService.NotFound'];
/** How long a name that the region did not have is asked for apart from the others. */
const suspectMs = 3_600_000;

/**
 * Answers `EndpointServices`, all names in one call. AWS fails the whole call when it does not
 * know one of the names: then the list is halved until the unknown ones are found, and from then
 * on they are asked for by themselves.
 */
export function createEndpointServicesReader({ calls, clock, gatherMs }: ReadContext) {
  const unknownUntil = new Map<string, number>();

  async function describe(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly EndpointService[]> {
    const details = await collectPages(action, async (NextToken) => {
      const input = { ServiceNames: [...names], NextToken };
      const page = await calls.call(action, input, { signal });
      return { items: page.ServiceDetails, nextToken: page.NextToken };
    });
    return details.flatMap((detail) => serviceFromSdk(detail) ?? []);
  }

  async function find(
    names: readonly string[],
    signal: AbortSignal,
  ): Promise<readonly EndpointService[]> {
    if (names.length === 0) return [];
    try {
      return await describe(names, signal);
    } catch (error) {
      if (!isUnknownName(error)) throw error;
      if (names.length > 1) {
        const middle = Math.ceil(names.length / 2);
        const first = await find(names.slice(0, middle), signal);
        return [...first, ...(await find(names.slice(middle), signal))];
      }
      for (const name of names) unknownUntil.set(name, clock.now() + suspectMs);
      return [];
    }
  }

  const read = createSharedRead<EndpointService>({
    action,
    clock,
    gatherMs,
    async load(names, signal) {
      const isSuspect = (name: string) => (unknownUntil.get(name) ?? 0) > clock.now();
      const found = [
        ...(await find(
          names.filter((name) => !isSuspect(name)),
          signal,
        )),
      ];
      for (const name of names.filter(isSuspect)) found.push(...(await find([name], signal)));
      return new Map(found.map((service) => [service.name, service]));
    },
  });

  return async (
    names: readonly string[],
    options: AskOptions,
  ): Promise<readonly EndpointService[]> => [...(await read.ask(names, options)).values()];
}

function isUnknownName(error: unknown): boolean {
  return error instanceof CloudError && unknownNameCodes.includes(error.code);
}

/** Undefined for gateway services: S3's name has one of each type. */
function serviceFromSdk(detail: ServiceDetail): EndpointService | undefined {
  const { ServiceName: name } = detail;
  const isInterface = (detail.ServiceType ?? []).some(
    ({ ServiceType }) => ServiceType === 'Interface',
  );
  if (name === undefined || !isInterface) return undefined;
  const privateDnsNames = (detail.PrivateDnsNames ?? []).flatMap(
    ({ PrivateDnsName }) => PrivateDnsName ?? [],
  );
  const firstName = detail.PrivateDnsName === undefined ? [] : [detail.PrivateDnsName];
  return {
    name,
    zones: detail.AvailabilityZones ?? [],
    privateDnsNames: privateDnsNames.length > 0 ? privateDnsNames : firstName,
    policySupported: detail.VpcEndpointPolicySupported ?? false,
    acceptanceRequired: detail.AcceptanceRequired ?? false,
    ipAddressTypes: detail.SupportedIpAddressTypes ?? [],
  };
}
