/**
 * A signal that aborts on SIGTERM (Kubernetes stops the pod) or SIGINT (Ctrl-C). A second one ends
 * the process at once, for people who cannot wait.
 *
 * @param advice for a person who interrupts a command, at that moment
 */
export function shutdownSignal(advice?: () => string): AbortSignal {
  const controller = new AbortController();
  for (const name of ['SIGTERM', 'SIGINT'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(exitCodes[name]);
      controller.abort(new Interrupted(name, advice?.()));
    });
  }
  return controller.signal;
}

/** 128 plus the signal's number, as shells report it. */
const exitCodes = { SIGTERM: 143, SIGINT: 130 } as const;

/** Why work was cut off. */
export class Interrupted extends Error {
  readonly exitCode: number;

  constructor(name: keyof typeof exitCodes, advice?: string) {
    super(`interrupted by ${name}${advice === undefined ? '' : `; ${advice}`}`);
    this.name = 'Interrupted';
    this.exitCode = exitCodes[name];
  }
}
