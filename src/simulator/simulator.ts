import { type CallLog, type CallRecord, createCallLog } from './call-log.ts';
import { type Clock, scaledClock } from './clock.ts';
import { createWorldControl, type WorldControl } from './control/world-control.ts';
import { createFaultPlan, type FaultPlan } from './faults.ts';
import type { Settings, SimulatorOptions } from './options.ts';
import { serve } from './server.ts';
import { createLimiter } from './requests/throttle.ts';
import { createWorld } from './world.ts';

/** A simulated AWS that listens on a port of this machine. */
export interface Simulator {
  /** The value for AWS_ENDPOINT_URL. */
  readonly url: string;
  readonly clock: Clock;
  /** Sets the world up, inspects it and changes it behind its users' backs. */
  readonly world: WorldControl;
  readonly faults: FaultPlan;
  /** All calls since the last reset, oldest first. */
  calls(): readonly CallRecord[];
  /** Number of calls by action since the last reset. */
  callCounts(): Readonly<Record<string, number>>;
  resetCalls(): void;
  /** Changes the visibility lag from now on. */
  setVisibilityLag(lag: { readonly ms?: number; readonly reads?: number }): void;
  close(): Promise<void>;
}

/** Starts a simulated AWS. Rejects when the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const settings = settingsOf(options);
  const world = createWorld(settings);
  const log: CallLog = createCallLog();
  const faults = createFaultPlan(options.faults);
  const limiter = settings.throttling ? createLimiter(settings.clock) : undefined;
  const engine = { world, log, faults, limiter };
  const server = await serve(engine, options.host ?? '127.0.0.1', options.port ?? 0);
  return {
    url: server.url,
    clock: settings.clock,
    world: createWorldControl(world),
    faults,
    calls: () => log.calls(),
    callCounts: () => log.counts(),
    resetCalls: () => log.reset(),
    setVisibilityLag({ ms = 0, reads = 0 }) {
      settings.visibilityLag.ms = ms;
      settings.visibilityLag.reads = reads;
    },
    close: () => server.close(),
  };
}

function settingsOf(options: SimulatorOptions): Settings {
  return {
    clock: options.clock ?? scaledClock(options.timeScale),
    pendingMs: options.pendingMs ?? 60_000,
    deletingMs: options.deletingMs ?? 60_000,
    tombstoneMs: options.tombstoneMs ?? 30_000,
    visibilityLag: { ms: options.visibilityLagMs ?? 0, reads: options.visibilityLagReads ?? 0 },
    dnsLagMs: options.dnsLagMs ?? 0,
    createAnswerMs: options.createAnswerMs ?? 0,
    throttling: options.throttling ?? true,
    seed: options.seed ?? 'aws',
    accountId: options.accountId ?? '111122223333',
    zonesPerRegion: options.zonesPerRegion ?? 3,
    iamPageSize: options.iamPageSize ?? 1000,
  };
}
