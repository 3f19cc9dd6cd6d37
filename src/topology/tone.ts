/** How a part of a link stands, in one word: every picture colours by it. */
export type Tone = 'well' | 'waiting' | 'broken' | 'foreign' | 'unknown';

/** From what needs a person most to what needs nobody. */
const byUrgency: readonly Tone[] = ['foreign', 'broken', 'waiting', 'unknown', 'well'];

/** The tone that most needs somebody; `well` of none. */
export function mostUrgent(tones: readonly Tone[]): Tone {
  return byUrgency.find((tone) => tones.includes(tone)) ?? 'well';
}

/** True for what a picture shows in red. */
export function isRed(tone: Tone): boolean {
  return tone === 'broken' || tone === 'foreign';
}

/** Reasons that speak of somebody else's resource or policy. */
const foreignReasons: ReadonlySet<string> = new Set([
  'OwnershipConflict',
  'PrivateDNSConflict',
  'ForeignAttachment',
  'OwnedByAnother',
  'AccessConflict',
]);

/** The tone of a part whose condition is not True. */
export function toneOfReason(reason: string, isStalled: boolean): Tone {
  if (foreignReasons.has(reason)) return 'foreign';
  return isStalled ? 'broken' : 'waiting';
}
