/** A process as the kernel and its own metrics see it while a benchmark runs. */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../test/environment/eventually.ts';
import type { OperatorProcess } from '../../test/process/cluster/operator-cluster.ts';

/** Memory in MiB; the kernel counts the anonymous part against a container's limit in any case. */
export interface Memory {
  readonly rssMiB: number;
  readonly anonymousMiB: number;
}

/** Figures of /metrics, as counts since the start of the process. */
export interface Scrape {
  readonly passes: number;
  readonly cpuSeconds: number;
  readonly kubernetesRequests: number;
  readonly kubernetesWrites: number;
  readonly eventsDropped: number;
  readonly eventsJoined: number;
}

/** The worst that was seen while something happened. */
export interface Peaks extends Memory {
  /** Longest time for which the event loop did nothing else, in ms of the wall: a busy machine adds to it. */
  readonly stallMs: number;
  /** The same in ms of CPU. */
  readonly stallCpuMs: number;
}

const sampleMs = 200;
/** Rarely: the answer costs the process CPU. */
const scrapeMs = 10_000;
/** How often `stall-probe.mjs` writes a line. */
const probeWriteMs = 500;
const none: Peaks = { rssMiB: 0, anonymousMiB: 0, stallMs: 0, stallCpuMs: 0 };

/** @returns the process's memory from `/proc`; zeros for a process that is gone */
export async function memoryOf({ pid }: Pick<OperatorProcess, 'pid'>): Promise<Memory> {
  const text = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const inMiB = (field: string): number => {
    const [, kib = '0'] = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text) ?? [];
    return Math.round(Number(kib) / 1024);
  };
  return { rssMiB: inMiB('VmRSS'), anonymousMiB: inMiB('RssAnon') };
}

/** Looks at a process again and again. Alone it reads the metric of stalls, which each look resets. */
export class ProcessObserver {
  private readonly operator: OperatorProcess;
  private readonly end = new AbortController();
  private readonly watching: Promise<unknown>;
  private url: string | undefined;
  private readonly stallsFile: string;
  private peaks = none;
  private since = Date.now();

  /** @param stallsFile what `stall-probe.mjs` writes */
  constructor(operator: OperatorProcess, stallsFile: string) {
    this.operator = operator;
    this.stallsFile = stallsFile;
    this.watching = Promise.all([this.sampleMemory(), this.scrapeStalls()]);
  }

  /** The worst since the last call. */
  async takePeaks(): Promise<Peaks> {
    const { peaks, since } = this;
    const stalls = (await readFile(this.stallsFile, 'utf8').catch(() => '')).split('\n');
    const inMs = stalls.map((line) => line.split(' ').map(Number));
    // A line tells of the time before it, too.
    const from = since + probeWriteMs;
    const stallCpuMs = Math.max(0, ...inMs.map(([at = 0, ms = 0]) => (at >= from ? ms : 0)));
    this.peaks = none;
    this.since = Date.now();
    return { ...peaks, stallCpuMs };
  }

  /** Throws when the process is gone. */
  async scrape(): Promise<Scrape> {
    this.url ??= await this.operator.healthUrl();
    const text = await (await fetch(`${this.url}/metrics`)).text();
    const stall = sum(text, /^nodejs_eventloop_lag_max_seconds ([\d.e+-]+)$/gm);
    this.peaks = { ...this.peaks, stallMs: Math.max(this.peaks.stallMs, Math.round(stall * 1000)) };
    const requests = (methods: string): number =>
      sum(
        text,
        new RegExp(
          `^rest_client_requests_total\\{[^}]*method="(?:${methods})"[^}]*\\} (\\d+)$`,
          'gm',
        ),
      );
    return {
      passes: sum(text, /^controller_runtime_reconcile_total\{[^}]*\} (\d+)$/gm),
      cpuSeconds: sum(text, /^process_cpu_seconds_total ([\d.e+-]+)$/gm),
      kubernetesRequests: requests('\\w+'),
      kubernetesWrites: requests('POST|PUT|PATCH|DELETE'),
      eventsDropped: sum(text, /^sagemaker_privatelink_events_dropped_total (\d+)$/gm),
      eventsJoined: sum(text, /^sagemaker_privatelink_events_joined_total (\d+)$/gm),
    };
  }

  /** Never resolves. Throws when the process ends, with the last lines of its log. */
  async endOfProcess(phase: string): Promise<never> {
    await this.operator.exited;
    if (this.end.signal.aborted) return new Promise(() => undefined);
    const log = await this.operator.logTail(5);
    throw new Error(`the operator did not survive the phase ${phase}:\n${log}`);
  }

  async stop(): Promise<void> {
    this.end.abort();
    await this.watching;
  }

  private async sampleMemory(): Promise<void> {
    await this.every(sampleMs, async () => {
      const now = await memoryOf(this.operator);
      this.peaks = {
        ...this.peaks,
        rssMiB: Math.max(this.peaks.rssMiB, now.rssMiB),
        anonymousMiB: Math.max(this.peaks.anonymousMiB, now.anonymousMiB),
      };
    });
  }

  private async scrapeStalls(): Promise<void> {
    await this.every(scrapeMs, async () => void (await this.scrape()));
  }

  private async every(periodMs: number, look: () => Promise<void>): Promise<void> {
    while (!this.end.signal.aborted && !this.operator.hasExited()) {
      // A process that is starting or has died answers nothing; the benchmark says so itself.
      await look().catch(() => undefined);
      await sleep(periodMs, undefined, { signal: this.end.signal }).catch(() => undefined);
    }
  }
}

/** Milliseconds from `startedAt` (Unix time) to the log's first line with this message. */
export async function loggedAfterMs(
  operator: OperatorProcess,
  message: string,
  startedAt: number,
): Promise<number> {
  return eventually(async () => {
    const line = (await operator.log()).find((one) => one['message'] === message);
    if (line === undefined) throw new Error(`not logged yet: ${message}`);
    return Date.parse(String(line['time'])) - startedAt;
  });
}

function sum(text: string, line: RegExp): number {
  return [...text.matchAll(line)].reduce((total, [, value]) => total + Number(value), 0);
}
