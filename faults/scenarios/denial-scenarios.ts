/** One call by which the link's own resources are read is denied, while somebody changes them. */
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { endpointsOf, groupIdOf } from './link-resources.ts';
import { linkName, type Scenario } from './scenario.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const sshPort = 22;
const httpsPort = 443;

const reads = [
  'DescribeVpcEndpoints',
  'DescribeSecurityGroups',
  'DescribeSecurityGroupRules',
] as const;
type Read = (typeof reads)[number];

function create(run: Run): void {
  run.create(linkName, plainSpec(run.surroundings));
}

function deny(run: Run, action: Read): { remove(): void } {
  return run.aws.engine.faults.add({ action, effect: { kind: 'deny' } });
}

/** One thing that somebody changes, and how it is seen to be repaired. */
interface Meddling {
  readonly what: string;
  /** Changes it; returns whether it is as it was. */
  readonly by: (run: Run) => () => boolean;
  /** Without these reads nobody can repair it. */
  readonly needs: readonly Read[];
}

const meddlings: readonly Meddling[] = [
  {
    what: 'the group admits nobody',
    needs: ['DescribeSecurityGroups', 'DescribeSecurityGroupRules'],
    by(run) {
      const groupId = groupIdOf(run);
      for (const { id } of run.ec2.rules(groupId)) run.ec2.removeRule(id);
      return () => run.ec2.rules(groupId).some(({ fromPort }) => fromPort === httpsPort);
    },
  },
  {
    what: 'SSH stays open',
    needs: ['DescribeSecurityGroups', 'DescribeSecurityGroupRules'],
    by(run) {
      const groupId = groupIdOf(run);
      run.ec2.addIngressRule(groupId, '0.0.0.0/0', sshPort);
      return () => run.ec2.rules(groupId).every(({ fromPort }) => fromPort !== sshPort);
    },
  },
  {
    what: 'an endpoint keeps the policy of somebody else',
    needs: ['DescribeVpcEndpoints'],
    by(run) {
      const [{ id, policy } = { id: '', policy: undefined }] = endpointsOf(run);
      run.ec2.changeEndpoint(id, { policy: '{"Statement":[]}' });
      return () => endpointsOf(run).find((one) => one.id === id)?.policy === policy;
    },
  },
  {
    what: 'a deleted endpoint is not made again',
    needs: ['DescribeVpcEndpoints', 'DescribeSecurityGroups'],
    by(run) {
      const gone = endpointsOf(run).find(({ privateDnsEnabled }) => !privateDnsEnabled);
      run.ec2.eraseEndpoint(gone?.id ?? '');
      return () => endpointsOf(run).length === 2;
    },
  },
];

/** Somebody changes everything; what does not need the answer is repaired all the same. */
async function meddled(run: Run, denied: Read): Promise<void> {
  const fault = deny(run, denied);
  const changes = meddlings.map(({ by, ...one }) => ({ ...one, isRepaired: by(run) }));
  run.watcher.acceptWorld();
  const possible = changes.filter(({ needs }) => !needs.includes(denied));
  const areRepaired = (): boolean => possible.every(({ isRepaired }) => isRepaired());
  await run.until(areRepaired, run.time.now() + hourMs);
  for (const { what, isRepaired } of possible) if (!isRepaired()) run.watcher.note('O6', what);
  await run.pass(10 * minuteMs);
  fault.remove();
}

async function deletedWhileDenied(run: Run, denied: Read): Promise<void> {
  const fault = deny(run, denied);
  run.delete(linkName);
  await run.pass(10 * minuteMs);
  const areKnown = denied !== 'DescribeVpcEndpoints';
  if (areKnown && endpointsOf(run).length > 0) run.watcher.note('O6', 'the endpoints stay');
  fault.remove();
}

const withoutOwnGroup: Scenario = {
  name: 'DescribeVpcEndpoints is denied for ten minutes while a link without a group is deleted',
  covers: ['F17', 'F21'],
  before(run) {
    const { userGroupId } = run.surroundings;
    run.create(linkName, {
      ...plainSpec(run.surroundings),
      securityGroup: { ids: [userGroupId] },
    });
  },
  act: (run) => deletedWhileDenied(run, 'DescribeVpcEndpoints'),
  end: 'gone',
};

const ofEachRead = reads.flatMap((read): readonly Scenario[] => [
  {
    name: `${read} is denied, and somebody changes everything`,
    covers: ['F12', 'F17'],
    before: create,
    act: (run) => meddled(run, read),
    end: 'ready',
  },
  {
    name: `${read} is denied for ten minutes while the spec changes`,
    covers: ['F17'],
    before: create,
    async act(run) {
      const fault = deny(run, read);
      run.update(linkName, {
        endpoints: [{ service: 'runtime' }, { service: 'metrics' }],
        securityGroup: { ingress: [{ cidr: '10.9.0.0/16' }] },
      });
      await run.pass(10 * minuteMs);
      fault.remove();
    },
    end: 'ready',
  },
  {
    name: `${read} is denied for ten minutes while the link is deleted`,
    covers: ['F17', 'F21'],
    before: create,
    act: (run) => deletedWhileDenied(run, read),
    end: 'gone',
  },
]);

export const denialScenarios: readonly Scenario[] = [...ofEachRead, withoutOwnGroup];
