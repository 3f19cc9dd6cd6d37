/** Incidents as whoever is on call meets them: `kubectl describe`, the page, its commands, and all is well. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { conditionOf, OperatorCluster } from '../cluster/operator-cluster.ts';
import { unlimitedEndpoints } from '../cluster/quick-aws.ts';
import { sampleLink } from '../cluster/sample-link.ts';
import { type Incident, incidents, type Scene } from './incidents.ts';
import { sectionFor, sections } from './page.ts';
import { Reader } from './reader.ts';

let simulator: Simulator;
let cluster: OperatorCluster;

beforeAll(async () => {
  // A minute of AWS is three seconds: an endpoint is pending for six of its seconds.
  const minute = { timeScale: 20, pendingMs: 6_000, deletingMs: 6_000, tombstoneMs: 6_000 };
  simulator = await startSimulator({ ...minute, throttling: false });
  cluster = await OperatorCluster.start(simulator.url);
  await cluster.startOperator({ args: [unlimitedEndpoints] });
});

afterEach(() => simulator.faults.clear());

afterAll(async () => {
  await cluster?.stop();
  await simulator?.close();
});

/** A VPC with two subnets and a name for a link in it. */
function sceneOf(link: string): Scene {
  const region = simulator.world.region('us-east-1');
  const { id: vpcId } = region.createVpc({ cidr: '10.8.0.0/16', enableDnsHostnames: true });
  const subnetIds = ['a', 'b'].map((zone, index) => {
    const place = { vpcId, cidr: `10.8.${index}.0/24`, zone: `us-east-1${zone}` };
    return region.createSubnet({ ...place, tags: { ml: 'yes' } }).id;
  });
  return { simulator, region, cluster, link, vpcId, subnetIds };
}

async function apply(scene: Scene, { spec }: Incident): Promise<void> {
  const place = { vpc: { id: scene.vpcId }, subnets: { ids: scene.subnetIds } };
  await cluster.apply(sampleLink(scene.region, scene.link, { ...place, ...spec }));
}

/** Brings the link to where it happens, and lets it happen. */
async function play(scene: Scene, incident: Incident) {
  if (incident.when === 'before') {
    const surroundings = await incident.happens(scene);
    await apply(scene, incident);
    return surroundings;
  }
  await apply(scene, incident);
  await cluster.linkIsReady(scene.link);
  const surroundings = await incident.happens(scene);
  if (incident.when === 'deleting') {
    await cluster.kubectlOrThrow(['delete', 'smpl', scene.link, '--wait=false']);
  } else await cluster.lookNow(scene.link); // The sweep would see it as well, seconds later.
  return surroundings;
}

/** The operator has seen it; what the reader is told then, and the section that it leads to. */
async function seen(reader: Reader, link: string, heading: string) {
  await cluster.linkThat(link, heading, (one) => {
    const { status, reason } = conditionOf(one, 'Ready') ?? {};
    return status !== 'True' && reason !== undefined && sectionFor(reason).heading === heading;
  });
  const ready = await reader.lookAt(link);
  expect(ready.status).not.toBe('True');
  return sectionFor(ready.reason);
}

describe('whoever is on call finds the section and repairs it with its commands', () => {
  test.each(incidents)('$what', async (incident) => {
    const scene = sceneOf(`incident-${incidents.indexOf(incident)}`);
    const { variables = {}, asOthersDo } = await play(scene, incident);
    const { kubeconfig } = cluster;
    const reader = await Reader.start({ kubeconfig, awsUrl: simulator.url, variables });
    try {
      if (incident.needsInstall) await reader.prepareInstall();
      const { heading, parts } = await seen(reader, scene.link, incident.section);
      expect(heading).toBe(incident.section);
      for (const block of parts['Make sure']?.blocks ?? []) await reader.run(block);
      if (incident.repair !== undefined) {
        await reader.run(parts['Repair']?.blocks[incident.repair] ?? '');
        asOthersDo?.();
      }
      for (const block of parts['Well again']?.blocks ?? []) await reader.run(block);
    } finally {
      await reader.end();
    }
    const link = await cluster.link(scene.link);
    if (incident.when === 'deleting') {
      expect(link).toBeUndefined();
    } else {
      expect(link && conditionOf(link, 'Ready')).toMatchObject({ status: 'True' });
      await cluster.remove(scene.link);
    }
  });

  test('every block of a repair that incidents lead to is followed by one of them', () => {
    for (const { section: heading } of incidents) {
      const repair = sections.find((one) => one.heading === heading)?.parts['Repair'];
      const followed = incidents
        .filter(({ section }) => section === heading)
        .flatMap((one) => one.repair ?? []);
      const blocks = (repair?.blocks ?? []).map((_, index) => index);
      expect([heading, followed.toSorted()]).toEqual([heading, blocks]);
    }
  });
});
