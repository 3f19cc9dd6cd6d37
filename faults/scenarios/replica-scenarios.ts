/** Two and three replicas that share the work: one dies, freezes, is cut off, asked to end, or joins. */
import { faultsOfReplicas } from '../faults.ts';
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import type { ClockSkew } from '../virtual-time.ts';
import { region } from '../world/foreign.ts';
import { linkName, type Scenario } from './scenario.ts';

/** Scenarios of one process that two replicas play too. */
const played = [
  'create',
  'delete',
  'delete during create',
  'update: everything at once',
  'drift: an endpoint vanishes',
  'notebook access: on from the start',
  'notebook access: an endpoint is replaced',
  'notebook access: delete the link',
  'clients: create',
  'clients: the field goes',
  'clients: delete',
  'verification: create',
];

/** No change of theirs at AWS is one that may come late. */
const ofCluster = /^(clients|verification): /;

function byTwo(scenario: Scenario): Scenario {
  const name = `two replicas: ${scenario.name}`;
  return { ...scenario, name, replicas: 2, kinds: faultsOfReplicas };
}

/**
 * A call that was on its way when its process was stopped arrives when another one has the place. AWS takes
 * no fencing token, so this cannot be prevented; what is made for a link that is gone by then stays
 * (docs/reliability.md), which is why no link is deleted while it is made.
 */
function late(scenario: Scenario): Scenario {
  const name = `two replicas, a call comes late: ${scenario.name}`;
  return { ...byTwo(scenario), name, isMain: false, kinds: ['late'] };
}

function create(run: Run): void {
  run.create(linkName, plainSpec(run.surroundings));
}

const hourMs = 3_600_000;

/** Hours apart, and one gains what the other loses. */
function skewed(n: number): ClockSkew {
  return n % 2 === 0 ? { wallMs: -5 * hourMs, rate: 0.9 } : { wallMs: 7 * hourMs, rate: 1.1 };
}

/** AWS's call rate spreads the changes over so long that the lease is renewed between them. */
function createFive(run: Run): void {
  const services = ['api', 'runtime', 'metrics', 'notebook'].map((service) => ({ service }));
  const serviceName = `com.amazonaws.${region}.sagemaker.featurestore-runtime`;
  const endpoints = [...services, { serviceName }];
  run.create(linkName, { ...plainSpec(run.surroundings), endpoints });
}

const own: readonly Scenario[] = [
  {
    name: 'two replicas, the owner is cut off and a clock jumps: create five endpoints',
    covers: ['F13', 'F14'],
    replicas: 2,
    kinds: faultsOfReplicas,
    async act(run) {
      createFive(run);
      await run.pass(1_000);
      // The lease looks as if it had run out long ago, and its holder goes on for some seconds more.
      run.cutOffOwner(60_000);
      run.jumpWallClocks(7 * hourMs, 'others');
    },
    end: 'ready',
  },
  {
    name: 'two replicas whose clocks differ: create',
    covers: ['F13', 'F14'],
    replicas: 2,
    skewOf: skewed,
    kinds: faultsOfReplicas,
    act: create,
    end: 'ready',
  },
  {
    name: 'three replicas: rollout during create',
    covers: ['F13', 'F20', 'F24'],
    replicas: 3,
    kinds: faultsOfReplicas,
    async act(run) {
      create(run);
      await run.rollOut(4_000);
    },
    end: 'ready',
  },
  {
    name: 'two replicas: rollout with nothing to do',
    covers: ['F13', 'F20', 'F24'],
    isIdle: true,
    replicas: 2,
    kinds: faultsOfReplicas,
    before: create,
    act: (run) => run.rollOut(20_000),
    end: 'ready',
  },
];

/** @param ofOne the scenarios of one process */
export function replicaScenarios(ofOne: readonly Scenario[]): readonly Scenario[] {
  const chosen = ofOne.filter(({ name }) => played.includes(name));
  const lasting = chosen.filter(
    ({ name }) => name !== 'delete during create' && !ofCluster.test(name),
  );
  return [...chosen.map(byTwo), ...lasting.map(late), ...own];
}
