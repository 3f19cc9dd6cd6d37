import type { RegionControl } from '../../src/simulator/control/region-control.ts';
import { documentsOf } from '../notebook-url.ts';
import { endpointFor, managedGroups, ownEndpoints } from '../at-aws.ts';
import type { Chapter } from '../telling.ts';
import { until, untilReady } from '../waiting.ts';

/** Two changes by hand in the AWS console, of which nobody tells the operator. */
export const tampering: Chapter = {
  title: 'Somebody deletes an endpoint and opens the security group by hand',
  async tell(telling) {
    const { stage, region, account, cast } = telling;
    const { name } = cast.link.metadata;
    const victim = endpointFor(region, 'notebook').id;
    const [group] = managedGroups(region);
    const rule = region.addIngressRule(group?.id ?? '', '0.0.0.0/0', 22);
    region.deleteEndpoint(victim);
    const told = (await stage.changes(name)).length;
    await stage.lookNow(name);
    await until(telling, 'the rule is gone', () => looseRules(region).length === 0);
    const successor = await until(telling, 'a new endpoint is available', () => {
      const found = ownEndpoints(region).find(
        ({ id, serviceName, state }) =>
          id !== victim && serviceName.endsWith('.notebook') && state === 'available',
      );
      return found?.privateDnsEnabled === true && found.id;
    });
    await untilReady(telling, name);
    const isNamed = (id: string): boolean =>
      JSON.stringify(documentsOf(account, cast.roleArn)).includes(id);
    await until(
      telling,
      'IAM names the new endpoint',
      () => isNamed(successor) && !isNamed(victim),
    );
    const changes = (await stage.changes(name)).slice(told);
    return {
      lines: [
        `${rule.id} (tcp 22 from 0.0.0.0/0) is revoked.`,
        `${victim} is replaced by ${successor}, in the IAM policy too.`,
      ],
      facts: { victim, rule: rule.id, successor, rules: looseRules(region), changes },
    };
  },
};

/** Rules of our groups that are not HTTPS from the VPC. */
function looseRules(region: RegionControl): ReturnType<RegionControl['rules']> {
  const cidr = region.defaultVpc().cidrs[0]?.cidr;
  return managedGroups(region)
    .flatMap(({ id }) => region.rules(id))
    .filter(
      ({ isEgress, fromPort, peer }) =>
        isEgress || fromPort !== 443 || !('cidr' in peer && peer.cidr === cidr),
    );
}
