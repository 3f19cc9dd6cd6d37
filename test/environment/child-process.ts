import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A server program that lives no longer than the process that started it. */
export interface ServerProcess {
  readonly name: string;
  readonly pid: number;
  /** Everything the program wrote to stdout and stderr. */
  readonly logFile: string;
  /** True once the program has ended, for whatever reason. */
  hasExited(): boolean;
  /** Resolves when the program has ended. */
  readonly exited: Promise<void>;
  /** Sends `signal`, then SIGKILL after `graceMs`; resolves when the program has ended. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>;
  /** The end of the log, for error messages. */
  logTail(lines?: number): Promise<string>;
}

export interface ServerProcessOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly logFile: string;
  /** Removed as well when the test process dies without stopping the program. */
  readonly scratchFolder?: string;
}

/**
 * Waits for one line on stdin. The line is written on an orderly stop; when the test process is
 * killed the pipe just closes, and what it started must not stay behind.
 */
const GUARD = 'read -r line || { kill -9 "$1" 2>/dev/null; sleep 1; [ -z "$2" ] || rm -rf "$2"; }';

/** Starts a program. Throws when it cannot be started at all. */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const log = createWriteStream(options.logFile, { flags: 'a' });
  await once(log, 'open');
  const child = spawn(options.command, [...options.args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    cwd: options.cwd,
    detached: true, // Ctrl-C in a terminal must not take it down before its clients.
  });
  await once(child, 'spawn').catch((error: unknown) => {
    throw new Error(`${options.name} cannot be started from ${options.command}: ${String(error)}`);
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const guard = startGuard(child, options.scratchFolder ?? '');
  let ended = false;
  const exited = once(child, 'close').then(() => {
    ended = true;
    guard.stdin?.end('done\n');
    log.end();
  });
  return {
    name: options.name,
    pid: child.pid as number,
    logFile: options.logFile,
    hasExited: () => ended,
    exited,
    stop: (signal = 'SIGTERM', graceMs = 5_000) => stopChild(child, exited, signal, graceMs),
    logTail: (lines = 20) => readTail(options.logFile, lines),
  };
}

function startGuard(child: ChildProcess, scratchFolder: string): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', String(child.pid), scratchFolder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.stdin?.on('error', () => {});
  guard.unref();
  return guard;
}

async function stopChild(
  child: ChildProcess,
  exited: Promise<void>,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<void> {
  child.kill('SIGCONT'); // A paused program cannot end.
  child.kill(signal);
  const killTimer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await exited;
  clearTimeout(killTimer);
}

async function readTail(file: string, lines: number): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
