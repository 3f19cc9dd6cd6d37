/** How long AWS works on endpoints, as this process has seen it, and when to look for its end. */
import { getOrMake } from '../get-or-make.ts';

export interface WorkTimes {
  /** Notes that AWS works on an endpoint from now on, if that is not known. */
  begin(id: string, nowMs: number): void;
  /** Notes that an endpoint was looked at and AWS was not done. */
  look(id: string, nowMs: number): void;
  /** Notes that AWS is done, with work of a kind. */
  end(id: string, kind: string, nowMs: number): void;
  /**
   * When to look at an endpoint next, in milliseconds.
   *
   * @param lastReadAt when endpoints were last looked at
   */
  dueAt(id: string, kind: string, lastReadAt: number): number;
}

/** How many of the last works are remembered. */
const remembered = 20;
/** As long as AWS was done at each first look, nobody knows for how long: the next comes so much earlier. */
const impatience = 0.8;
/** The pause grows with the wait: a wait of hours is not asked for each second. */
const growth = 1 / 8;
const longestPauseMs = 60_000;
/** Most works are over within minutes, and somebody waits for each: so long the pause is short. */
const youngMs = 180_000;
const longestYoungPauseMs = 3_000;
/** Works that nobody has waited for any more are forgotten. */
const mostBegun = 20_000;
/** After this time it is tried anew whether AWS has become faster. */
const provenForMs = 30 * 60_000;

/** A work that AWS is at. */
interface Begun {
  readonly atMs: number;
  /** How old it was at the last look that found AWS at work. */
  lookedAtAgeMs?: number;
}

/** The works of one kind. */
interface Experience {
  /** How old the last works were when AWS was seen to be done. */
  tookMs: readonly number[];
  /** The greatest age below all of those at which AWS was seen at work: nobody need look before. */
  proven?: { readonly ageMs: number; readonly atMs: number };
}

/**
 * Creates times without experience: then the pauses grow with the age of the oldest work. With it
 * the first look comes when the fastest of the last works would be done.
 *
 * A look that finds AWS done says only that it was done by then. As long as half a pause before is not
 * known to be too early, the next first look comes by so much earlier: that costs a look, and all that
 * follow are on time.
 *
 * @param pollMs the shortest pause between two looks, in milliseconds
 */
export function createWorkTimes(pollMs: number): WorkTimes {
  return new SeenTimes(pollMs);
}

class SeenTimes implements WorkTimes {
  private readonly pollMs: number;
  /** In the order of their begin. */
  private readonly begun = new Map<string, Begun>();
  private readonly kinds = new Map<string, Experience>();

  constructor(pollMs: number) {
    this.pollMs = pollMs;
  }

  begin(id: string, nowMs: number): void {
    if (this.begun.has(id)) return;
    const [oldest] = this.begun.keys();
    if (this.begun.size >= mostBegun && oldest !== undefined) this.begun.delete(oldest);
    this.begun.set(id, { atMs: nowMs });
  }

  look(id: string, nowMs: number): void {
    const work = this.begun.get(id);
    if (work !== undefined) work.lookedAtAgeMs = nowMs - work.atMs;
  }

  end(id: string, kind: string, nowMs: number): void {
    const work = this.begun.get(id);
    if (work === undefined) return;
    this.begun.delete(id);
    const { atMs, lookedAtAgeMs } = work;
    const known = getOrMake(this.kinds, kind, (): Experience => ({ tookMs: [] }));
    if (known.proven !== undefined && nowMs - known.proven.atMs > provenForMs) delete known.proven;
    const tookMs = nowMs - atMs;
    known.tookMs = [...known.tookMs, tookMs].slice(-remembered);
    if (known.proven !== undefined && known.proven.ageMs >= tookMs) delete known.proven;
    if (lookedAtAgeMs !== undefined) prove(known, lookedAtAgeMs, nowMs);
  }

  dueAt(id: string, kind: string, lastReadAt: number): number {
    const begunAt = this.begun.get(id)?.atMs ?? lastReadAt;
    const known = this.kinds.get(kind);
    const expectedAt = begunAt + (known === undefined ? 0 : this.firstLookAge(known));
    if (lastReadAt < expectedAt) return Math.max(expectedAt, begunAt + this.pollMs);
    const [oldest] = this.begun.values();
    const oldestAt = known === undefined ? (oldest?.atMs ?? begunAt) : expectedAt;
    const ageMs = lastReadAt - oldestAt;
    const longestMs = ageMs < youngMs ? longestYoungPauseMs : longestPauseMs;
    return lastReadAt + Math.max(this.pollMs, Math.min(ageMs * growth, longestMs));
  }

  /** How old a work is when it is looked at first. */
  private firstLookAge({ tookMs, proven }: Experience): number {
    const fastestMs = Math.min(...tookMs);
    if (proven === undefined) return fastestMs * impatience;
    const precisionMs = this.pollMs / 2;
    return fastestMs - proven.ageMs <= precisionMs ? fastestMs : fastestMs - precisionMs;
  }
}

/** Notes an age at which AWS was at work, if it says more than what is known. */
function prove(known: Experience, ageMs: number, nowMs: number): void {
  if (ageMs < Math.min(...known.tookMs) && ageMs >= (known.proven?.ageMs ?? 0)) {
    known.proven = { ageMs, atMs: nowMs };
  }
}
