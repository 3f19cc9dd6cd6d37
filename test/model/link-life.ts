/** One link through its passes in a model world, with everything checked that must always hold. */
import { deepStrictEqual } from 'node:assert/strict';
import type {
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../src/api/sagemaker-private-link.ts';
import type { Cloud } from '../../src/plan/cloud.ts';
import { findingsOf, type PassEnd } from '../../src/plan/pass-end.ts';
import { reportPass } from '../../src/plan/report/report.ts';
import type { Patience } from '../../src/plan/sightings.ts';
import { runPass } from '../../src/reconcile/pass.ts';
import { rememberedFrom } from '../../src/plan/report/remembered.ts';
import { createSightingTimes } from '../../src/reconcile/sighting-times.ts';
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import { type AwsWorld, fingerprint, tick } from './aws-world.ts';
import { owner } from './generated-worlds.ts';
import { createModelCloud, type Fault, type Call, type Step } from './model-cloud.ts';
import { checkStatus } from './status-rules.ts';
import { checkStep } from './step-rules.ts';

export interface LifeOptions {
  readonly world: AwsWorld;
  readonly spec: SageMakerPrivateLinkSpec;
  /** @default the link of the cluster */
  readonly owner?: OwnerIdentity;
  readonly lag?: number;
  readonly faultOf?: (call: Call) => Fault | undefined;
  /** Whether `faultOf` keeps the rules of groups from being read. */
  readonly rulesAreUnread?: boolean;
  /** Checks of every action; the rules that always hold when left out. */
  readonly onStep?: (step: Step) => void;
  /** Called after every action and every round of AWS's own work. */
  readonly afterStep?: () => void;
  /** How long is waited for what AWS does not show. @default one or two rounds, and no deadline */
  readonly patience?: Patience;
}

/** How a row of passes ended. */
export interface Rest {
  readonly rounds: number;
  readonly end: PassEnd;
  readonly status: SageMakerPrivateLinkStatus;
  /** Changes that took effect at AWS while nothing was different any more. */
  readonly idleWrites: number;
}

const mostRounds = 80;

/** A round takes five seconds. */
export const quickPatience: Patience = {
  dnsSettleMs: 5_000,
  iamSettleMs: 1_000,
  wayDeadlineMs: Number.POSITIVE_INFINITY,
};

/** A link that lives in a world. Its passes are run by hand; AWS works between them. */
export class LinkLife {
  readonly world: AwsWorld;
  readonly owner: OwnerIdentity;
  spec: SageMakerPrivateLinkSpec;
  status: SageMakerPrivateLinkStatus = { observedGeneration: -1 };
  generation = 1;
  deleting = false;
  repair = true;
  private readonly options: LifeOptions;
  private cloud: Cloud;
  private processes = 0;
  private sightingTimes = createSightingTimes();
  private activeAt = 0;

  constructor(options: LifeOptions) {
    this.options = options;
    this.world = options.world;
    this.owner = options.owner ?? owner;
    this.spec = options.spec;
    this.cloud = this.startProcess();
  }

  /** The spec changes, as a user changes it. */
  change(spec: SageMakerPrivateLinkSpec): void {
    this.spec = spec;
    this.generation += 1;
  }

  /** Another process takes over, with or without the last status. @param faults those that are planned */
  restart(keep: 'status' | 'nothing', faults: 'end' | 'go on' = 'end'): void {
    if (keep === 'nothing') this.status = { observedGeneration: -1 };
    this.cloud = this.startProcess(faults === 'end' ? () => undefined : this.options.faultOf);
  }

  /** One pass and its status. */
  async pass(): Promise<PassEnd> {
    const { world, spec, status: former, generation, deleting, owner } = this;
    const remembered = rememberedFrom(former, generation, false);
    const quietReads = world.reads - this.activeAt;
    const end = await runPass({
      owner,
      spec,
      goal: this.deleting ? 'absent' : 'present',
      remembered,
      repair: this.repair,
      absenceIsFinal: quietReads > (this.options.lag ?? 0),
      elapsed: {
        sightings: this.sightingTimes.of(owner.uid, world.nowMs),
        patience: this.options.patience ?? quickPatience,
      },
      ports: { AWS: this.cloud },
      freshness: { resourcesSince: world.nowMs, networkSince: world.nowMs },
      signal: new AbortController().signal,
      onAction: () => {
        this.activeAt = world.reads;
      },
    });
    this.sightingTimes.note(owner.uid, end.plan.seen, world.nowMs);
    const now = `${new Date(Date.UTC(2026, 10, 1) + world.nowMs).toISOString().slice(0, 19)}Z`;
    const input = { owner, spec, generation, deleting, former, remembered, now };
    this.status = reportPass(input, end).status;

    const failures = end.failed.length + end.observation.failures.length;
    const isCertain = (this.options.lag ?? 0) + failures === 0;
    checkStatus({ ...input, world, status: this.status, isCertain });
    deepStrictEqual(reportPass({ ...input, former: this.status }, end).status, this.status);
    return end;
  }

  /** Passes and AWS's work in turn, until nothing changes any more. */
  async settle(): Promise<Rest> {
    const { world } = this;
    const enough = world.slowness + (this.options.lag ?? 0) + 4;
    let quiet = 0;
    let idleWrites = 0;
    for (let rounds = 1; rounds <= mostRounds; rounds += 1) {
      const before = fingerprint(world);
      const end = await this.pass();
      if (end.plan.gone) return { rounds, end, status: this.status, idleWrites };
      if (quiet > 1) idleWrites += end.done.length;
      tick(world);
      this.options.afterStep?.();
      const isQuiet = before === fingerprint(world);
      quiet = isQuiet ? quiet + 1 : 0;
      if (quiet >= enough) return { rounds, end, status: this.status, idleWrites };
    }
    throw new Error(
      `no rest after ${mostRounds} rounds: ${JSON.stringify(this.status.conditions)}`,
    );
  }

  private startProcess(faultOf = this.options.faultOf): Cloud {
    this.processes += 1;
    this.sightingTimes = createSightingTimes();
    this.activeAt = this.world.reads;
    const rules = (step: Step): void => {
      const remembered = rememberedFrom(this.status, this.generation, false);
      const { owner, spec, deleting } = this;
      const isLate = (this.options.lag ?? 0) > 0;
      const { rulesAreUnread = false } = this.options;
      checkStep(step, { owner, spec, remembered, deleting, isLate, rulesAreUnread });
      this.options.afterStep?.();
    };
    return createModelCloud({
      world: this.world,
      process: `operator ${this.processes}`,
      lag: this.options.lag ?? 0,
      ...(faultOf === undefined ? {} : { faultOf }),
      onStep: this.options.onStep ?? rules,
    });
  }
}

/** All that a pass could not make true, as reasons. */
export function reasonsOf(end: PassEnd): readonly string[] {
  const { problems, waits } = findingsOf(end);
  return [...new Set([...problems, ...waits].map(({ reason }) => reason))].sort();
}
