/** The demo's story: its chapters in order. */
import { before } from './chapters/before.ts';
import { gone } from './chapters/gone.ts';
import { killed } from './chapters/killed.ts';
import { otherTeam } from './chapters/other-team.ts';
import { picture } from './chapters/picture.ts';
import { pods } from './chapters/pods.ts';
import { privateName } from './chapters/private-name.ts';
import { stolenUrl } from './chapters/stolen-url.ts';
import { tampering } from './chapters/tampering.ts';
import type { Chapter, Proof, Telling } from './telling.ts';

/** One chapter that was told. */
export interface ToldChapter extends Proof {
  readonly title: string;
  readonly seconds: number;
}

const chapters: readonly Chapter[] = [
  before,
  killed,
  privateName,
  pods,
  stolenUrl,
  tampering,
  otherTeam,
  picture,
  gone,
];

/** Tells the whole story; throws an Error that says which chapter did not come true. */
export async function tellStory(telling: Telling): Promise<readonly ToldChapter[]> {
  const told: ToldChapter[] = [];
  try {
    for (const chapter of chapters) told.push(await tellChapter(chapter, told.length + 1, telling));
    return told;
  } finally {
    await telling.memory.watch?.stop().catch(() => undefined);
  }
}

async function tellChapter(
  { title, tell }: Chapter,
  number: number,
  telling: Telling,
): Promise<ToldChapter> {
  const begun = performance.now();
  telling.view.chapter(`${number}. ${title}`);
  const proof = await tell(telling).catch((error: unknown) => {
    throw new Error(`"${title}": ${error instanceof Error ? error.message : String(error)}`);
  });
  for (const line of proof.lines) telling.view.proven(line);
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  return { title, seconds, ...proof };
}
