/**
 * Turns of the event loop for computing that is long enough to be noticed. The loop is one for the
 * process, and so is the turn: with a callback each (`setImmediate`) all who wait would be called in
 * the same turn, one after the other, and dozens of passes would hold up the lease and the probes.
 */

/** `pass`: one of many that compute for a moment each. `slice`: a part of one long computation, of which there are few. */
export type TurnKind = 'pass' | 'slice';

const lines: Readonly<Record<TurnKind, (() => void)[]>> = { pass: [], slice: [] };
let isComing = false;
let last: TurnKind = 'pass';

/**
 * Resolves in a turn of the event loop in which nobody else computes who asked for one. Those of a kind
 * come in the order of asking. Where both kinds wait they take turns with each other: a read of thousands of
 * items, which passes wait for, must not wait behind all passes for each of its slices.
 */
export function takeTurn(kind: TurnKind = 'pass'): Promise<void> {
  return new Promise((resolve) => {
    lines[kind].push(resolve);
    come();
  });
}

/** How many wait for their turn. */
export function turnsWaiting(): number {
  return lines.pass.length + lines.slice.length;
}

function come(): void {
  if (isComing || turnsWaiting() === 0) return;
  isComing = true;
  setImmediate(() => {
    isComing = false;
    const other: TurnKind = last === 'pass' ? 'slice' : 'pass';
    last = lines[other].length > 0 ? other : last;
    lines[last].shift()?.();
    come();
  });
}
