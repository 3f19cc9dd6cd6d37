/**
 * Loaded into the operator's process by a benchmark (`--import`): how long its one thread computed
 * without a turn of the event loop. Time of the wall would count what a busy machine takes away.
 */
import { appendFileSync } from 'node:fs';

const tickMs = 10;
const writeMs = 500;
const file = process.env.BENCH_STALLS;

/** Of the thread where Node tells it (since 23.9), else of the process with its helpers. */
const usage = process.threadCpuUsage ?? process.cpuUsage;

if (file !== undefined) {
  let before = usage();
  let longestMs = 0;
  setInterval(() => {
    const now = usage();
    longestMs = Math.max(longestMs, (now.user - before.user + now.system - before.system) / 1000);
    before = now;
  }, tickMs).unref();
  setInterval(() => {
    appendFileSync(file, `${Date.now()} ${Math.round(longestMs)}\n`);
    longestMs = 0;
  }, writeMs).unref();
}
