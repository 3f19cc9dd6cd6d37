/** Creates, updates, drift and deletions of what EC2 has of a link. */
import { ownershipTags } from '../../src/plan/ownership/ownership.ts';
import type { InspectedEndpoint } from '../../src/simulator/control/region-control.ts';
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

function made(change: (plain: Record<string, unknown>, run: Run) => Record<string, unknown>) {
  return (run: Run): void => run.create(linkName, change(plainSpec(run.surroundings), run));
}

const plain = made((spec) => spec);

/** A link that is ready, and then its spec changes. */
function update(
  name: string,
  changed: (spec: Record<string, unknown>, run: Run) => Record<string, unknown>,
  before: (run: Run) => void = plain,
): Scenario {
  return {
    name: `update: ${name}`,
    covers: ['F15'],
    before,
    act: (run) => run.replaceSpec(linkName, changed(plainSpec(run.surroundings), run)),
    end: 'ready',
  };
}

/** A link that is ready, and then somebody changes AWS. */
function drift(name: string, interfere: (run: Run, api: InspectedEndpoint) => void): Scenario {
  return {
    name: `drift: ${name}`,
    covers: ['F12'],
    before: plain,
    act(run) {
      const api = ownEndpoint(run);
      interfere(run, api);
      run.watcher.acceptWorld();
    },
    end: 'ready',
  };
}

function ownEndpoint(run: Run): InspectedEndpoint {
  const uid = run.link(linkName)?.metadata.uid;
  const found = run.ec2
    .endpoints()
    .find(
      ({ serviceName, tags, deletion }) =>
        serviceName.endsWith('.api') && tags[ownershipTags.uid] === uid && deletion === undefined,
    );
  if (found === undefined) throw new Error('the link has no endpoint for the API');
  return found;
}

function ownGroupId(run: Run): string {
  const [id] = ownEndpoint(run).groupIds;
  if (id === undefined) throw new Error('the endpoint has no group');
  return id;
}

const policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sagemaker:List*', Resource: '*' }],
};

const ingress = [{ cidr: '10.1.0.0/16' }, { cidr: '10.2.0.0/16', description: 'the office' }];

const updates: readonly Scenario[] = [
  update('subnets', (spec, { surroundings: { subnetIds } }) => ({
    ...spec,
    subnets: { ids: subnetIds.slice(0, 2) },
  })),
  update('subnets in the same zone', (spec, { surroundings: { subnetIds, spareSubnetId } }) => ({
    ...spec,
    subnets: { ids: [spareSubnetId, ...subnetIds.slice(1)] },
  })),
  update('groups of the user', (spec, { surroundings: { userGroupId } }) => ({
    ...spec,
    securityGroup: { ids: [userGroupId] },
  })),
  update('ingress', (spec) => ({ ...spec, securityGroup: { ingress } })),
  update('policy', (spec) => ({ ...spec, endpoints: [{ service: 'api', policy }, spare] })),
  update('private DNS off', (spec) => ({
    ...spec,
    endpoints: [{ service: 'api', privateDNS: false }, spare],
  })),
  update('private DNS on', (spec) => ({
    ...spec,
    endpoints: [{ service: 'api' }, { service: 'runtime' }],
  })),
  update('tags', (spec) => ({ ...spec, tags: { stage: 'test' } })),
  update('a service is added', (spec) => ({
    ...spec,
    endpoints: [{ service: 'api' }, spare, { service: 'metrics' }],
  })),
  update('a service is removed', (spec) => ({ ...spec, endpoints: [{ service: 'api' }] })),
  update('everything at once', (spec, { surroundings: { subnetIds } }) => ({
    ...spec,
    subnets: { ids: subnetIds.slice(1) },
    securityGroup: { ingress },
    endpoints: [{ service: 'api', policy, privateDNS: false }, { service: 'metrics' }],
    tags: { stage: 'test' },
  })),
];

const spare = { service: 'runtime', privateDNS: false };

const drifts: readonly Scenario[] = [
  drift('an endpoint is deleted', ({ ec2 }, { id }) => ec2.deleteEndpoint(id)),
  drift('an endpoint vanishes', ({ ec2 }, { id }) => ec2.eraseEndpoint(id)),
  drift('the ownership tags are removed', ({ ec2 }, { id }) =>
    ec2.changeEndpoint(id, { tags: {} }),
  ),
  drift('a tag is changed', ({ ec2 }, { id, tags }) =>
    ec2.changeEndpoint(id, { tags: { ...tags, team: 'others' } }),
  ),
  drift('the policy is changed', ({ ec2 }, { id }) =>
    ec2.changeEndpoint(id, { policy: JSON.stringify(policy) }),
  ),
  drift('private DNS is turned off', ({ ec2 }, { id }) =>
    ec2.changeEndpoint(id, { privateDnsEnabled: false }),
  ),
  drift('a subnet is taken away', ({ ec2 }, { id, interfaces }) =>
    ec2.changeEndpoint(id, { interfaces: interfaces.slice(1) }),
  ),
  drift('another group is put on', ({ ec2, surroundings }, { id }) =>
    ec2.changeEndpoint(id, { groupIds: [surroundings.userGroupId] }),
  ),
  drift('a rule is removed', (run) => {
    for (const { id } of run.ec2.rules(ownGroupId(run))) run.ec2.removeRule(id);
  }),
  drift('a rule is added', (run) => {
    run.ec2.addIngressRule(ownGroupId(run), '192.0.2.0/24', 443);
  }),
];

/** Runs until the link's endpoint for the API is at AWS. */
async function untilCreated(run: Run): Promise<void> {
  const isThere = (): boolean =>
    run.ec2
      .endpoints()
      .some(({ tags }) => tags[ownershipTags.uid] === run.link(linkName)?.metadata.uid);
  await run.until(isThere, run.time.now() + 3_600_000);
}

async function deleteDuringCreate(run: Run): Promise<void> {
  plain(run);
  await untilCreated(run);
  run.delete(linkName);
}

const lives: readonly Scenario[] = [
  { name: 'create', isMain: true, act: plain, end: 'ready' },
  {
    name: 'delete',
    isMain: true,
    before: plain,
    act: (run) => run.delete(linkName),
    end: 'gone',
  },
  {
    name: 'delete during create',
    covers: ['F21'],
    isMain: true,
    mayStopEarly: true,
    act: deleteDuringCreate,
    end: 'gone',
  },
  {
    name: 'delete during create while answers lag by eight seconds',
    covers: ['F5', 'F21'],
    aws: { lagMs: 8_000 },
    mayStopEarly: true,
    act: deleteDuringCreate,
    end: 'gone',
  },
  {
    name: 'delete refused by AWS',
    covers: ['F7', 'F8'],
    before: plain,
    act(run) {
      const error = { code: 'OperationNotPermitted', message: 'A hold is on the endpoint.' };
      run.ec2.refuseDelete(ownEndpoint(run).id, error);
      run.delete(linkName);
    },
    end: 'stalled RefusedByAWS',
  },
  {
    name: 'delete refused by AWS for ten minutes',
    covers: ['F7', 'F8'],
    before: plain,
    async act(run) {
      const { id } = ownEndpoint(run);
      run.ec2.refuseDelete(id, { code: 'OperationNotPermitted', message: 'A hold.' });
      run.delete(linkName);
      await run.pass(600_000);
      run.ec2.refuseDelete(id, undefined);
    },
    end: 'gone',
  },
  {
    name: 'delete while somebody uses the group',
    covers: ['F8'],
    before: plain,
    async act(run) {
      const [subnetId = ''] = run.surroundings.subnetIds;
      const user = run.ec2.createNetworkInterface({ subnetId, groupIds: [ownGroupId(run)] });
      run.delete(linkName);
      await run.pass(600_000);
      run.ec2.deleteNetworkInterface(user.id);
    },
    end: 'gone',
  },
  {
    name: 'delete while somebody keeps the group',
    covers: ['F8'],
    before: plain,
    act(run) {
      const [subnetId = ''] = run.surroundings.subnetIds;
      run.ec2.createNetworkInterface({ subnetId, groupIds: [ownGroupId(run)] });
      run.delete(linkName);
    },
    end: 'stalled SecurityGroupInUse',
  },
  {
    name: 'AWS takes 20 minutes for an endpoint',
    covers: ['F10'],
    aws: { pendingMs: 20 * 60_000 },
    act: plain,
    end: 'ready',
  },
  {
    name: 'an endpoint fails and is deleted by a person',
    covers: ['F11'],
    before: plain,
    async act(run) {
      const { id } = ownEndpoint(run);
      run.ec2.setEndpointState(id, 'failed', { code: 'ServiceError', message: 'It failed.' });
      run.watcher.acceptWorld();
      await run.pass(600_000);
      run.ec2.deleteEndpoint(id);
    },
    end: 'ready',
  },
  {
    name: 'every answer of AWS lags by four reads',
    covers: ['F5'],
    aws: { lagReads: 4 },
    act: plain,
    end: 'ready',
  },
  {
    name: 'every answer of AWS lags by eight seconds',
    covers: ['F5'],
    aws: { lagMs: 8_000 },
    act: plain,
    end: 'ready',
  },
  {
    name: 'delete before the first pass',
    covers: ['F21'],
    mayStopEarly: true,
    act(run) {
      plain(run);
      run.delete(linkName);
    },
    end: 'gone',
  },
  {
    name: 'delete with Retain',
    before: made((spec) => ({ ...spec, deletionPolicy: 'Retain' })),
    act: (run) => run.delete(linkName),
    end: 'gone',
  },
  {
    name: 'delete and create again under the same name',
    covers: ['F6', 'F21'],
    before: plain,
    async act(run) {
      run.delete(linkName);
      await run.until(() => run.link(linkName) === undefined, run.time.now() + 3_600_000);
      plain(run);
    },
    end: 'ready',
  },
  {
    name: 'a service is taken out and put back at once',
    covers: ['F5', 'F15'],
    // A change that is wrongly taken for applied stays so: differences are only reported.
    mayStopEarly: true,
    before: made((spec) => ({ ...spec, driftPolicy: 'Report' })),
    async act(run) {
      const { endpoints } = plainSpec(run.surroundings);
      run.update(linkName, { endpoints: [{ service: 'api' }] });
      await run.pass(50);
      run.update(linkName, { endpoints });
    },
    end: 'ready',
  },
  {
    name: 'suspend, change and resume',
    before: plain,
    async act(run) {
      run.update(linkName, { suspend: true });
      await run.pass(120_000);
      run.update(linkName, { tags: { team: 'others' } });
      await run.pass(120_000);
      run.update(linkName, { suspend: false });
    },
    end: 'ready',
  },
  {
    name: 'suspend',
    before: plain,
    act: (run) => run.update(linkName, { suspend: true }),
    end: 'suspended',
  },
  {
    name: 'adopt an endpoint that nobody owns',
    covers: ['F22'],
    act(run) {
      run.watcher.acceptWorld([run.surroundings.unownedEndpointId]);
      const spec = plainSpec(run.surroundings);
      const endpoints = [{ service: 'metrics' }];
      run.create(linkName, { ...spec, adoption: 'IfUnowned', endpoints });
    },
    end: 'ready',
  },
  {
    name: 'create without adoption beside an endpoint that nobody owns',
    covers: ['F22'],
    act: made((spec) => ({ ...spec, endpoints: [{ service: 'metrics', privateDNS: false }] })),
    end: 'ready',
  },
  {
    name: 'restart with nothing to do',
    covers: ['F24'],
    isIdle: true,
    before: plain,
    act: (run) => run.restart(),
    end: 'ready',
  },
  {
    name: 'create with groups of the user',
    act: made((spec, { surroundings: { userGroupId } }) => ({
      ...spec,
      securityGroup: { ids: [userGroupId] },
    })),
    end: 'ready',
  },
  {
    name: 'create dual-stack',
    act: made((spec) => ({
      ...spec,
      ipAddressType: 'dualstack',
      endpoints: [{ service: 'api' }],
    })),
    end: 'ready',
  },
  {
    name: 'update: address type',
    before: made((spec) => ({ ...spec, endpoints: [{ service: 'api' }] })),
    act: (run) => run.update(linkName, { ipAddressType: 'dualstack' }),
    end: 'ready',
  },
  {
    name: 'update: of a link at rest',
    covers: ['F15'],
    async before(run) {
      plain(run);
      // Sweeps find nothing to do, and everything that AWS says is read anew: that is remembered.
      await run.pass(1_200_000);
    },
    act: (run) => run.update(linkName, { endpoints: [{ service: 'api' }] }),
    end: 'ready',
  },
  {
    name: 'create in a VPC found by its tags',
    act: made((spec) => ({ ...spec, vpc: { tags: { ml: 'vpc' } } })),
    end: 'ready',
  },
  {
    name: 'drift reported only',
    covers: ['F12'],
    before: made((spec) => ({ ...spec, driftPolicy: 'Report' })),
    act(run) {
      run.ec2.changeEndpoint(ownEndpoint(run).id, {
        tags: ownEndpoint(run).tags,
        policy: undefined,
      });
    },
    end: 'stalled DriftDetected',
  },
];

/** All of them. */
export const ec2Scenarios: readonly Scenario[] = [...lives, ...updates, ...drifts];
