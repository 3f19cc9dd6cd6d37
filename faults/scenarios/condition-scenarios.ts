/** Where something is missing and nothing is wrong with the rest: what do the conditions say? */
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

const minuteMs = 60_000;

function create(run: Run, change: Readonly<Record<string, unknown>> = {}): void {
  run.create(linkName, { ...plainSpec(run.surroundings), ...change });
}

function setDnsHostnames(run: Run, isOn: boolean): void {
  run.ec2.run('ModifyVpcAttribute', {
    VpcId: run.surroundings.vpcId,
    'EnableDnsHostnames.Value': String(isOn),
  });
  run.watcher.acceptWorld([run.surroundings.vpcId]);
}

function removeAllRules(run: Run): void {
  const groupId = run.link(linkName)?.status?.securityGroup?.id ?? '';
  for (const { id } of run.ec2.rules(groupId)) run.ec2.removeRule(id);
  run.watcher.acceptWorld();
}

export const conditionScenarios: readonly Scenario[] = [
  {
    name: 'the DNS attributes of the VPC are off',
    act(run) {
      setDnsHostnames(run, false);
      const endpoints = [{ service: 'api' }, { service: 'runtime' }];
      create(run, { endpoints });
    },
    end: 'stalled VPCDNSDisabled',
  },
  {
    name: 'the DNS attributes of the VPC are off for ten minutes',
    async act(run) {
      setDnsHostnames(run, false);
      create(run);
      await run.pass(10 * minuteMs);
      setDnsHostnames(run, true);
    },
    end: 'ready',
  },
  {
    name: 'the rules of the group are removed, and drift is reported only',
    covers: ['F12'],
    before: (run) => create(run, { driftPolicy: 'Report' }),
    act: removeAllRules,
    end: 'stalled DriftDetected',
  },
  {
    name: 'a link is in use and its spec then names a subnet that is not there',
    before: create,
    act: (run) =>
      run.update(linkName, { subnets: { ids: ['subnet-0123456789abcdef0'], tags: null } }),
    end: 'stalled SubnetNotFound',
  },
  {
    name: 'a role of notebook access does not exist',
    covers: ['F15'],
    act: (run) =>
      create(run, {
        notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['Nobody'] } },
      }),
    end: 'stalled PrincipalNotFound',
  },
  {
    name: 'an endpoint stays pending for ever',
    covers: ['F10'],
    aws: { pendingMs: 1_000 * 60 * minuteMs },
    kinds: [],
    act: create,
    end: 'stalled ProgressDeadlineExceeded',
  },
];
