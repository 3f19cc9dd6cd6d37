/** Adversities of AWS and of the machine for a while: quotas, throttling, permissions, states, clocks. */
import type { FaultId } from '../fault-list.ts';
import type { FaultEffect } from '../../src/simulator/faults.ts';
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

function create(run: Run): void {
  run.create(linkName, plainSpec(run.surroundings));
}

function whole(run: Run): void {
  run.create(linkName, {
    ...plainSpec(run.surroundings),
    notebookAccess: { allowedCIDRs: ['203.0.113.0/24'], attachTo: { roles: ['DataScientist'] } },
  });
}

interface Refusal {
  readonly action: string;
  readonly effect: FaultEffect;
  /** Strikes only so many of so many calls. @default all */
  readonly share?: readonly [strikes: number, of: number];
}

/** AWS refuses something while a link is made, and after ten minutes it does not any more. */
function whileMaking(name: string, covers: readonly FaultId[], refusal: Refusal): Scenario {
  return {
    name,
    covers,
    async act(run) {
      const { share: [strikes, of] = [1, 1], ...refused } = refusal;
      const fault = run.aws.engine.faults.add({ ...refused, matches: everyNth(strikes, of) });
      whole(run);
      const isAsked = await run.until(() => fault.hits() > 0, run.time.now() + hourMs);
      if (!isAsked) run.watcher.note('O4', 'AWS was never asked for what it was to refuse');
      await run.pass(10 * minuteMs);
      fault.remove();
    },
    end: 'ready',
  };
}

function quota(what: string, action: string, code: string): Scenario {
  const effect = {
    kind: 'error',
    code,
    httpStatus: 400,
    message: 'The quota is reached.',
  } as const;
  return whileMaking(`${what}, and there is room ten minutes later`, ['F18'], { action, effect });
}

function everyNth(strikes: number, of: number): () => boolean {
  let calls = 0;
  return () => {
    calls += 1;
    return calls % of < strikes;
  };
}

function linksAtOnce(run: Run, count: number): void {
  for (let n = 1; n <= count; n += 1) {
    const endpoints = [{ service: 'api', privateDNS: false }];
    run.create(`${linkName}-${n}`, { ...plainSpec(run.surroundings), endpoints });
  }
}

const throttled = { kind: 'error', code: 'RequestLimitExceeded', httpStatus: 503 } as const;

/** An endpoint gets into a state that it does not leave, until a person deletes it. */
function stuck(state: string): Scenario {
  return {
    name: `an endpoint is ${state} and is deleted by a person`,
    covers: ['F11'],
    before: create,
    async act(run) {
      const id = run.link(linkName)?.status?.endpoints?.[0]?.id ?? '';
      run.ec2.setEndpointState(id, state, { code: 'ServiceError', message: `It is ${state}.` });
      run.watcher.acceptWorld();
      await run.pass(10 * minuteMs);
      run.ec2.deleteEndpoint(id);
    },
    end: 'ready',
  };
}

const rounds = 5;

/** A link is made, changed and deleted again and again. */
async function comeAndGo(run: Run): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    whole(run);
    await run.pass(hourMs);
    run.update(linkName, { tags: { round: String(round) }, securityGroup: { ingress } });
    await run.pass(hourMs);
    run.delete(linkName);
    await run.pass(hourMs);
  }
}

const ingress = [{ cidr: '10.1.0.0/16' }];

export const adversityScenarios: readonly Scenario[] = [
  quota('the quota of endpoints is reached', 'CreateVpcEndpoint', 'VpcEndpointLimitExceeded'),
  quota('the quota of groups is reached', 'CreateSecurityGroup', 'SecurityGroupLimitExceeded'),
  quota('a subnet has no address left', 'CreateVpcEndpoint', 'InsufficientFreeAddressesInSubnet'),
  quota('the quota of policies is reached', 'CreatePolicy', 'LimitExceeded'),
  quota('the quota of attachments is reached', 'AttachRolePolicy', 'LimitExceeded'),
  whileMaking('AWS throttles every call for ten minutes', ['F9'], {
    action: '*',
    effect: throttled,
  }),
  {
    ...whileMaking('AWS throttles two of three calls for ten minutes', ['F9'], {
      action: '*',
      effect: throttled,
      share: [2, 3],
    }),
    callsVary: true,
  },
  {
    name: 'AWS throttles every call for ten minutes while 15 links are made',
    covers: ['F9', 'F25'],
    kinds: [],
    async act(run) {
      const fault = run.aws.engine.faults.add({ action: '*', effect: throttled });
      linksAtOnce(run, 15);
      await run.pass(10 * minuteMs);
      fault.remove();
    },
    end: 'ready',
  },
  whileMaking('every permission is missing for ten minutes', ['F17'], {
    action: '*',
    effect: { kind: 'deny' },
  }),
  whileMaking('the credentials are expired for ten minutes', ['F17'], {
    action: '*',
    effect: { kind: 'error', code: 'ExpiredToken', httpStatus: 403 },
  }),
  whileMaking('AWS answers with internal errors for ten minutes', ['F23'], {
    action: '*',
    effect: { kind: 'error', code: 'InternalError', httpStatus: 500 },
  }),
  ...['rejected', 'expired', 'partial', 'pendingAcceptance', 'neverHeardOf'].map(stuck),
  {
    name: 'the wall clock jumps back and forth by hours',
    covers: ['F14'],
    async act(run) {
      create(run);
      await run.pass(5_000);
      run.jumpWallClocks(-5 * hourMs);
      await run.pass(10_000);
      run.jumpWallClocks(11 * hourMs);
    },
    end: 'ready',
  },
  {
    name: 'a clock that gains time waits no less than AWS needs',
    covers: ['F14'],
    mayStopEarly: true,
    skewOf: () => ({ rate: 1.5, wallMs: hourMs }),
    aws: { lagMs: 6_000 },
    async act(run) {
      create(run);
      await run.pass(2 * minuteMs);
      run.delete(linkName);
    },
    end: 'gone',
  },
  {
    name: 'fifteen hours of links that come and go',
    covers: ['F25'],
    kinds: [],
    act: comeAndGo,
    end: 'gone',
  },
];
