/** Questions to a person before something is deleted. */
import { createInterface } from 'node:readline/promises';

/** Whether somebody sits at a terminal who could answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY;
}

/**
 * Asks on standard error and waits for `yes`; anything else is a no, and so is the end of the input.
 *
 * @throws the signal's reason when it aborts
 */
export async function confirmed(question: string, signal: AbortSignal): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await new Promise((resolve, reject) => {
      // A terminal that is read line by line sends no signals: Ctrl-C and Ctrl-D arrive here.
      terminal.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
      terminal.once('close', () => resolve(false));
      terminal.question(`${question} Type yes: `, { signal }).then(
        (answer) => resolve(answer.trim() === 'yes'),
        () => reject(signal.reason as Error),
      );
    });
  } finally {
    terminal.close();
  }
}
