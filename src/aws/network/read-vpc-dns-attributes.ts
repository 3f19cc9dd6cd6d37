import type { VpcDnsAttributes } from '../../plan/facts.ts';
import { answerOf, isFailed, loadEach, type Outcome } from '../client/outcome.ts';
import { type AskOptions, createSharedRead } from '../consistency/shared-read.ts';
import type { ReadContext } from '../read-context.ts';

const action = 'ec2:DescribeVpcAttribute';

/** Answers `VpcDnsAttributes`: two calls per VPC, because AWS tells one attribute at a time. */
export function createVpcDnsAttributesReader({ calls, clock, gatherMs }: ReadContext) {
  async function load(vpcId: string, signal: AbortSignal): Promise<VpcDnsAttributes> {
    const [support, hostnames] = await Promise.all([
      calls.call(action, { VpcId: vpcId, Attribute: 'enableDnsSupport' }, { signal }),
      calls.call(action, { VpcId: vpcId, Attribute: 'enableDnsHostnames' }, { signal }),
    ]);
    return {
      enableDnsSupport: support.EnableDnsSupport?.Value ?? false,
      enableDnsHostnames: hostnames.EnableDnsHostnames?.Value ?? false,
    };
  }

  const read = createSharedRead<Outcome<VpcDnsAttributes>>({
    action,
    clock,
    gatherMs,
    isFailure: isFailed,
    load: (vpcIds, signal) => loadEach(vpcIds, (vpcId) => load(vpcId, signal)),
  });

  return async (vpcId: string, options: AskOptions): Promise<VpcDnsAttributes> => {
    const attributes = answerOf((await read.ask([vpcId], options)).get(vpcId));
    return attributes ?? { enableDnsSupport: false, enableDnsHostnames: false };
  };
}
