/** The demo fails when its story is not true. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { castIn, regionName, trainer } from '../../../demo/cast.ts';
import { otherTeam } from '../../../demo/chapters/other-team.ts';
import { pods } from '../../../demo/chapters/pods.ts';
import { privateName } from '../../../demo/chapters/private-name.ts';
import { stolenUrl } from '../../../demo/chapters/stolen-url.ts';
import { documentsOf } from '../../../demo/notebook-url.ts';
import type { LinkManifest, LinkWithStatus, PolicyObject, Stage } from '../../../demo/stage.ts';
import { tellStory } from '../../../demo/story.ts';
import type { Telling } from '../../../demo/telling.ts';
import { silentView } from '../../../demo/view.ts';
import { startVpcResolver, type VpcResolver, watchName } from '../../../demo/vpc-resolver.ts';
import type { Condition } from '../../../src/api/sagemaker-private-link.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';

let simulator: Simulator;
let region: RegionControl;
let resolver: VpcResolver;
let telling: Telling;

beforeEach(async () => {
  simulator = await startSimulator({ pendingMs: 300 });
  const cast = castIn(simulator.world);
  region = simulator.world.region(regionName);
  resolver = await startVpcResolver(region, cast.vpcId);
  telling = {
    stage: stageThat({}),
    simulator,
    region,
    account: simulator.world.account(),
    resolver,
    cast,
    view: silentView,
    folder: '/nonexistent',
    patienceMs: 200,
    memory: { lastCall: 0 },
  };
});

afterEach(async () => {
  await resolver.close();
  await simulator.close();
});

/** A stage on which nothing happens but what is given. */
function stageThat(does: Partial<Stage>): Stage {
  return {
    description: 'nothing',
    policySource: 'made up',
    apply: () => Promise.resolve(),
    kill: () => Promise.resolve(1),
    restart: () => Promise.resolve(2),
    lookNow: () => Promise.resolve(),
    link: () => Promise.resolve(telling.cast.link),
    changes: () => Promise.resolve([]),
    policies: () => Promise.resolve([]),
    remove: () => Promise.resolve(),
    close: () => Promise.resolve(),
    ...does,
  };
}

/** Makes an endpoint as the operator does, with private DNS at once, which it does not. */
function makeEndpoint(serviceName: string): void {
  region.run('CreateVpcEndpoint', {
    VpcEndpointType: 'Interface',
    VpcId: telling.cast.vpcId,
    ServiceName: serviceName,
    'SubnetId.1': region.subnets()[0]?.id ?? '',
    PrivateDnsEnabled: 'true',
    'TagSpecification.1.ResourceType': 'vpc-endpoint',
    'TagSpecification.1.Tag.1.Key': 'sagemaker.privatelink.dev/name',
    'TagSpecification.1.Tag.1.Value': 'ml-demo',
  });
}

const api = `com.amazonaws.${regionName}.sagemaker.api`;
const notebook = `aws.sagemaker.${regionName}.notebook`;

function condition(
  type: string,
  status: 'True' | 'False',
  reason: string,
  message = '',
): Condition {
  const lastTransitionTime = '2026-11-23T00:00:00Z';
  return { type, status, reason, message, lastTransitionTime, observedGeneration: 1 } as Condition;
}

/** A link whose status says so, whatever AWS has. */
function linkThatSays(link: LinkManifest, ...conditions: readonly Condition[]): LinkWithStatus {
  return { ...link, status: { observedGeneration: 1, conditions: [...conditions] } };
}

test('an operator that does nothing is no success', async () => {
  await expect(tellStory(telling)).rejects.toThrow(
    /kill -9.*: not seen in 0\.2 s: AWS has made an endpoint/,
  );
});

test.each([
  ['lacks an endpoint', [api], '2 endpoints were made'],
  ['makes one twice', [api, notebook, notebook.replace('notebook', 'studio')], '2 endpoints were'],
  ['makes no group', [api, notebook], 'one security group was made'],
])('a status that claims to be ready is not believed where AWS %s', async (_, services, words) => {
  const boast = ['Ready', 'Available'].map((type) => condition(type, 'True', 'Succeeded'));
  const stage = stageThat({
    apply: async () => services.forEach(makeEndpoint),
    link: () => Promise.resolve(linkThatSays(telling.cast.link, ...boast)),
  });
  await expect(tellStory({ ...telling, stage })).rejects.toThrow(words);
});

test('a name that is private before its endpoint works is no success', async () => {
  telling.memory.watch = await watchName(resolver.resolve, telling.cast.apiName, 5);
  makeEndpoint(api);
  await expect(privateName.tell(telling)).rejects.toThrow(
    /no answer led to an endpoint without traffic/,
  );
});

test('a policy that leaves a pod another way out is no success', async () => {
  makeEndpoint(api);
  const open: PolicyObject = {
    namespace: trainer.namespace,
    name: 'open',
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }, { namespaceSelector: {} }] }],
    },
    manifest: {},
  };
  const stage = stageThat({ policies: () => Promise.resolve([open]) });
  await expect(pods.tell({ ...telling, stage })).rejects.toThrow('what is not allowed is refused');
});

test('a role without the notebook policy is no success', async () => {
  makeEndpoint(notebook);
  telling.memory.documents = documentsOf(telling.account, telling.cast.roleArn);
  await expect(stolenUrl.tell(telling)).rejects.toThrow('the thief alone is denied');
});

test("another team's endpoint that is changed is no success, whatever the status says", async () => {
  const { rival, theirs } = telling.cast;
  const words = condition('Ready', 'False', 'PrivateDNSConflict', `taken by ${theirs}`);
  const stage = stageThat({
    apply: async () => region.changeEndpoint(theirs, { tags: { taken: 'over' } }),
    link: () => Promise.resolve(linkThatSays(rival, words)),
  });
  await expect(otherTeam.tell({ ...telling, stage })).rejects.toThrow('as it was');
  const idle = { ...stage, apply: () => Promise.resolve() };
  await expect(otherTeam.tell({ ...telling, stage: idle })).resolves.toMatchObject({
    facts: { endpointId: theirs },
  });
});
