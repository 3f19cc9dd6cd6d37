/**
 * Turns of the event loop for computing that is long enough to be noticed. The loop is one for the
 * process, and so is the line: with a callback each (`setImmediate`) all who wait would be called in
 * the same turn, one after the other, and dozens of passes would hold up the lease and the probes.
 */
const line: (() => void)[] = [];
let isComing = false;

/** Resolves in a turn of the event loop in which nobody else of the line computes, first come first served. */
export function takeTurn(): Promise<void> {
  return new Promise((resolve) => {
    line.push(resolve);
    come();
  });
}

/** How many wait for their turn. */
export function turnsWaiting(): number {
  return line.length;
}

function come(): void {
  if (isComing || line.length === 0) return;
  isComing = true;
  setImmediate(() => {
    isComing = false;
    line.shift()?.();
    come();
  });
}
