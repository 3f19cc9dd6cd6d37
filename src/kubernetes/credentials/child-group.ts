import { type ChildProcess, spawn } from 'node:child_process';

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** After this the process and all that it has started are ended. */
  readonly limitMs: number;
}

export interface ChildResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Null when a signal ended it. */
  readonly exitCode: number | null;
  readonly wasCutOff: boolean;
}

/** How long a process may take to end by itself once it is asked to. */
const politenessMs = 1_000;
/** More than any credential; a program that writes without end must not fill the memory. */
const mostOutputBytes = 1024 * 1024;

/** Running children: they must not outlive this process. */
const running = new Set<ChildProcess>();
let endsWithUs = false;

/**
 * Runs a program in a process group of its own, so that its children can be ended with it. Rejects
 * when it cannot be started.
 */
export function runChildGroup(options: ChildOptions): Promise<ChildResult> {
  return new Promise((resolve, reject) => {
    const { command, args, env, limitMs } = options;
    const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
    const child = spawn(command, args, { env, detached: true, stdio });
    track(child);
    const [stdout, stderr] = [gather(child.stdout), gather(child.stderr)];
    let wasCutOff = false;
    let lastResort: NodeJS.Timeout | undefined;
    const limit = setTimeout(() => {
      wasCutOff = true;
      signalGroup(child, 'SIGTERM');
      lastResort = setTimeout(() => signalGroup(child, 'SIGKILL'), politenessMs);
    }, limitMs);
    const settle = (end: () => void): void => {
      clearTimeout(limit);
      clearTimeout(lastResort);
      running.delete(child);
      // Its children may still be there, whatever became of it.
      if (wasCutOff) signalGroup(child, 'SIGKILL');
      end();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('close', (exitCode) =>
      settle(() => resolve({ stdout: stdout(), stderr: stderr(), exitCode, wasCutOff })),
    );
  });
}

function gather(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (chunk: Buffer) => {
    if (bytes < mostOutputBytes) chunks.push(chunk);
    bytes += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** A child in a group of its own gets no Ctrl-C from the terminal: it is ended when we end. */
function track(child: ChildProcess): void {
  running.add(child);
  if (endsWithUs) return;
  endsWithUs = true;
  process.once('exit', () => {
    for (const each of running) signalGroup(each, 'SIGKILL');
  });
}

function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}
