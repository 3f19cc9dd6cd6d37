/** Parts of a link's network that break or mean something else, while somebody changes the rest. */
import { ownershipTags } from '../../src/plan/ownership.ts';
import type { InspectedEndpoint } from '../../src/simulator/control/region-control.ts';
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

const hourMs = 3_600_000;
const sshPort = 22;

function create(run: Run, change: object): void {
  run.create(linkName, { ...plainSpec(run.surroundings), ...change });
}

/** The link's endpoints that stand. */
function endpointsOf(run: Run): readonly InspectedEndpoint[] {
  const uid = run.link(linkName)?.metadata.uid;
  return run.ec2
    .endpoints()
    .filter(({ tags, state }) => tags[ownershipTags.uid] === uid && !state.startsWith('delet'));
}

function groupIdOf(run: Run): string {
  const [id] = endpointsOf(run)[0]?.groupIds ?? [];
  if (id === undefined) throw new Error('the link has no group');
  return id;
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

/** Takes the endpoints out of a subnet and deletes it, as somebody could at AWS. */
function deleteSubnet(run: Run, subnetId: string): void {
  for (const { id, interfaces } of endpointsOf(run)) {
    const kept = interfaces.filter((one) => one.subnetId !== subnetId);
    run.ec2.changeEndpoint(id, { interfaces: kept });
  }
  run.ec2.run('DeleteSubnet', { SubnetId: subnetId });
}

function tagVpc(run: Run, vpcId: string, how: 'CreateTags' | 'DeleteTags'): void {
  const parameters = { 'ResourceId.1': vpcId, 'Tag.1.Key': 'ml', 'Tag.1.Value': 'vpc' };
  run.ec2.run(how, parameters);
}

export const networkScenarios: readonly Scenario[] = [
  {
    name: 'a listed subnet is deleted while somebody opens the group',
    covers: ['F12'],
    before: (run) => create(run, { subnets: { ids: run.surroundings.subnetIds } }),
    async act(run) {
      deleteSubnet(run, run.surroundings.subnetIds[1] as string);
      await meddled(run);
    },
    end: 'stalled SubnetNotFound',
  },
  {
    name: 'the VPC loses its DNS attributes while somebody opens the group',
    covers: ['F12'],
    before: (run) => create(run, { endpoints: [{ service: 'api' }, { service: 'metrics' }] }),
    async act(run) {
      run.ec2.setVpcDns(run.surroundings.vpcId, { enableDnsHostnames: false });
      await meddled(run);
    },
    end: 'stalled VPCDNSDisabled',
  },
  {
    name: 'a service leaves a zone that its endpoint is in',
    covers: ['F12'],
    isIdle: true,
    before: (run) =>
      create(run, { subnets: { tags: { ml: 'private' }, unsupportedZones: 'Skip' } }),
    act(run) {
      const [first] = endpointsOf(run);
      const zones = ['eu-west-1a', 'eu-west-1b'];
      if (first !== undefined) run.ec2.setServiceZones(first.serviceName, zones);
    },
    end: 'ready',
  },
  {
    name: 'the tags of the VPC move to another one',
    covers: ['F12'],
    isIdle: true,
    before: (run) => create(run, { vpc: { tags: { ml: 'vpc' } } }),
    async act(run) {
      const other = run.ec2.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true });
      tagVpc(run, other.id, 'CreateTags');
      tagVpc(run, run.surroundings.vpcId, 'DeleteTags');
      run.watcher.acceptWorld();
      const before = endpointsOf(run).map(({ id }) => id);
      await run.pass(hourMs);
      const now = endpointsOf(run).map(({ id }) => id);
      if (now.join() !== before.join()) run.watcher.note('O6', 'an endpoint was deleted');
    },
    end: 'stalled VPCChanged',
  },
  {
    name: 'the tags of the VPC move to another one, and the link is deleted',
    covers: ['F12', 'F21'],
    before: (run) => create(run, { vpc: { tags: { ml: 'vpc' } } }),
    async act(run) {
      tagVpc(run, run.surroundings.vpcId, 'DeleteTags');
      run.watcher.acceptWorld();
      await run.pass(hourMs);
      run.delete(linkName);
    },
    end: 'gone',
  },
];
