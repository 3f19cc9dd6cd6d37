/** Parts of a link's network that break or mean something else, while somebody changes the rest. */
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { endpointsOf, groupIdOf } from './link-resources.ts';
import { linkName, type Scenario } from './scenario.ts';

const hourMs = 3_600_000;
const networkAgeMs = 15 * 60_000;
const sshPort = 22;

function create(run: Run, change: object): void {
  run.create(linkName, { ...plainSpec(run.surroundings), ...change });
}

/** Somebody opens the group and deletes an endpoint; both have to be put right all the same. */
async function meddled(run: Run): Promise<void> {
  const groupId = groupIdOf(run);
  run.ec2.addIngressRule(groupId, '0.0.0.0/0', sshPort);
  const gone = endpointsOf(run)[0];
  if (gone !== undefined) run.ec2.eraseEndpoint(gone.id);
  run.watcher.acceptWorld();
  const services = (): number => endpointsOf(run).length;
  const isOpen = (): boolean => run.ec2.rules(groupId).some(({ fromPort }) => fromPort === sshPort);
  const isMended = await run.until(() => !isOpen() && services() === 2, run.time.now() + hourMs);
  if (isMended) return;
  run.watcher.note('O6', isOpen() ? 'SSH stays open' : 'a deleted endpoint is not made again');
}

/**
 * A link that is ready, and then its network breaks. A network is read anew every ten minutes, so
 * what happens afterwards happens to a link that knows.
 */
function broken(change: object | ((run: Run) => object), breaks: (run: Run) => void) {
  return async (run: Run): Promise<void> => {
    create(run, typeof change === 'function' ? change(run) : change);
    await run.rest();
    // Until the network is read anew a status says what was read last.
    run.watcher.isCertain = false;
    breaks(run);
    run.watcher.acceptWorld();
    await run.pass(networkAgeMs);
    run.watcher.isCertain = true;
  };
}

/** Takes the endpoints out of a subnet and deletes it, as somebody could at AWS. */
function deleteSubnet(run: Run, subnetId: string): void {
  for (const { id, interfaces } of endpointsOf(run)) {
    const kept = interfaces.filter((one) => one.subnetId !== subnetId);
    run.ec2.changeEndpoint(id, { interfaces: kept });
  }
  run.ec2.run('DeleteSubnet', { SubnetId: subnetId });
}

function moveTags(run: Run): void {
  const tag = { 'Tag.1.Key': 'ml', 'Tag.1.Value': 'vpc' };
  const cidr = '10.8.0.0/16';
  const { id: vpcId } = run.ec2.createVpc({ cidr, enableDnsHostnames: true, tags: { ml: 'vpc' } });
  run.ec2.createSubnet({ vpcId, cidr: '10.8.0.0/24', tags: { ml: 'private' } });
  run.ec2.run('DeleteTags', { 'ResourceId.1': run.surroundings.vpcId, ...tag });
}

/** Every endpoint of the link is in as many zones as it was made in. */
function checkZones(run: Run): void {
  const zones = endpointsOf(run).map(({ interfaces }) => interfaces.length);
  const whole = [run.surroundings.subnetIds.length, run.surroundings.subnetIds.length];
  if (zones.join() === whole.join()) return;
  run.watcher.note('O6', `the endpoints are in ${zones.join(' and ') || 'no'} zones`);
}

export const networkScenarios: readonly Scenario[] = [
  {
    name: 'a listed subnet is deleted, and then somebody opens the group',
    covers: ['F12'],
    before: broken(
      ({ surroundings: { subnetIds } }) => ({ subnets: { ids: subnetIds } }),
      (run) => deleteSubnet(run, run.surroundings.subnetIds[1] as string),
    ),
    act: meddled,
    end: 'stalled SubnetNotFound',
  },
  {
    name: 'the VPC loses its DNS attributes, and then somebody opens the group',
    covers: ['F12'],
    before: broken({}, (run) => {
      run.ec2.setVpcDns(run.surroundings.vpcId, { enableDnsHostnames: false });
    }),
    act: meddled,
    end: 'stalled VPCDNSDisabled',
  },
  {
    name: 'a service leaves a zone that its endpoint is in',
    covers: ['F12'],
    before: broken({ subnets: { tags: { ml: 'private' }, unsupportedZones: 'Skip' } }, (run) => {
      for (const { serviceName } of endpointsOf(run)) {
        run.ec2.setServiceZones(serviceName, ['eu-west-1a', 'eu-west-1b']);
      }
    }),
    async act(run) {
      run.update(linkName, { tags: { stage: 'test' } });
      await run.rest();
      checkZones(run);
    },
    end: 'ready',
  },
  {
    name: 'the tags of the VPC move to another one, and then the spec changes',
    covers: ['F12'],
    before: broken({ vpc: { tags: { ml: 'vpc' } } }, moveTags),
    async act(run) {
      run.update(linkName, { tags: { stage: 'test' } });
      await run.rest();
      checkZones(run);
    },
    end: 'stalled VPCChanged',
  },
  {
    name: 'the tags of the VPC move to another one, and the link is deleted',
    covers: ['F12', 'F21'],
    before: broken({ vpc: { tags: { ml: 'vpc' } } }, moveTags),
    act: (run) => run.delete(linkName),
    end: 'gone',
  },
];
