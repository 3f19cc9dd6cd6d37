/** Which sentences of a link's conditions speak of one part of it. Pure. */
import type { ConditionType } from '../api/conditions.ts';
import { printable } from '../api/printable.ts';
import type { Condition } from '../api/sagemaker-private-link.ts';
import { type Tone, toneOfReason } from './tone.ts';

/** A link's conditions, asked about parts. */
export interface Findings {
  /** The condition; undefined where the status has none. */
  condition(type: ConditionType): Condition | undefined;
  /** The tone of a part that the condition as a whole is about. */
  tone(type: ConditionType): Tone;
  /** The message of the condition, where it is not True. */
  notes(type: ConditionType): readonly string[];
  /**
   * The words of the condition on a part: the sentences that name it, each with those after it
   * that name no other part, since advice follows the problem.
   */
  notesOn(type: ConditionType, names: PartNames): readonly string[];
}

/** The words that mean one part of a condition's subject, and those that mean its siblings. */
export interface PartNames {
  readonly own: readonly string[];
  readonly others: readonly string[];
}

/** Reads the conditions of a status. */
export function findingsOf(conditions: readonly Condition[]): Findings {
  const condition = (type: ConditionType): Condition | undefined =>
    conditions.find((one) => one.type === type);
  const isStalled = condition('Stalled')?.status === 'True' || !isMoving(condition('Reconciling'));
  return {
    condition,
    tone(type) {
      const found = condition(type);
      if (found === undefined || found.status === 'Unknown') return 'unknown';
      return found.status === 'True' ? 'well' : toneOfReason(found.reason, isStalled);
    },
    notes(type) {
      const found = condition(type);
      return found === undefined || found.status === 'True' ? [] : [printable(found.message)];
    },
    notesOn(type, names) {
      const found = condition(type);
      if (found === undefined || found.status === 'True') return [];
      const notes = sentencesAbout(sentencesOf(printable(found.message)), names);
      return notes.length === 0 ? [] : [notes.join(' ')];
    },
  };
}

function sentencesAbout(sentences: readonly string[], names: PartNames): readonly string[] {
  let isAbout = false;
  return sentences.filter((sentence) => {
    const isNamed = (all: readonly string[]): boolean => all.some((one) => mentions(sentence, one));
    if (isNamed(names.own)) isAbout = true;
    else if (isNamed(names.others)) isAbout = false;
    return isAbout;
  });
}

/** A retry goes on by itself, but what it retries has failed. */
function isMoving(reconciling: Condition | undefined): boolean {
  return reconciling?.status === 'True' && reconciling.reason !== 'ProgressingWithRetry';
}

function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?]) (?=[A-Z])/);
}

/** As a whole word: `api` is not in `api-fips`, nor in `sagemaker.api`. */
function mentions(sentence: string, name: string): boolean {
  if (name === '') return false;
  const isPart = (character: string | undefined): boolean => /[\w-]/.test(character ?? ' ');
  for (let at = sentence.indexOf(name); at >= 0; at = sentence.indexOf(name, at + 1)) {
    const after = sentence.slice(at + name.length);
    const before = sentence[at - 1];
    const isWhole = !isPart(before) && before !== '.' && !/^(?:[\w-]|\.\w)/.test(after);
    if (isWhole) return true;
  }
  return false;
}
