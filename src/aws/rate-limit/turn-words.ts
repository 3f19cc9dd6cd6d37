/** A wait for a turn in words that stay the same while it changes little. Pure. */

/** Where a call stands in the line. */
export interface Standing {
  /** Calls that go before it. */
  readonly ahead: number;
  /** Until its turn comes if nobody else comes, in milliseconds. */
  readonly waitMs: number;
}

const minutes = [2, 5, 10, 20, 30];
const hours = [1, 2, 5, 10, 20];
const counts = [10, 20, 50, 100, 200, 500, 1000, 2000, 5000];

/** The cause of a call's wait, its place in the line and the time until its turn, in round figures. */
export function turnWords(action: string, { ahead, waitMs }: Standing): string {
  return `${action} waits for the call budget: AWS allows only so many of these calls a second. ${placeWords(ahead)}, and its turn comes in ${estimateWords(waitMs)}`;
}

function placeWords(ahead: number): string {
  if (ahead < 10) return 'Fewer than 10 calls go first';
  return `About ${nearest(counts, ahead)} calls go first`;
}

function estimateWords(waitMs: number): string {
  const inMinutes = waitMs / 60_000;
  if (inMinutes < 1) return 'less than a minute';
  if (inMinutes < 45) return `about ${nearest(minutes, inMinutes)} minutes`;
  const inHours = nearest(hours, inMinutes / 60);
  return inHours === 1 ? 'about an hour' : `about ${inHours} hours`;
}

/** The nearest by ratio: 14 is nearer to 20 than to 10 (of 1, 2, 5, 10, 20 ...). */
function nearest(steps: readonly number[], value: number): number {
  const distance = (step: number): number => Math.abs(Math.log(value / step));
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
}
