/** The story on a screen of 80 columns, and for machines no story at all. */
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { wrapped } from '../src/topology/render/wrapped.ts';

export interface View {
  /** Verbatim: text that is broken into lines already. */
  say(text: string): void;
  chapter(title: string): void;
  /** A step of a chapter. */
  step(line: string): void;
  /** Something that happened meanwhile. */
  news(line: string): void;
  /** Says what is waited for now. Called often. */
  waiting(words: string): void;
  proven(line: string): void;
}

/** Shows nothing: for machines. */
export const silentView: View = {
  say: () => undefined,
  chapter: () => undefined,
  step: () => undefined,
  news: () => undefined,
  waiting: () => undefined,
  proven: () => undefined,
};

const columns = 80;
const margin = '   ';

/** A plain log; at a terminal the last line says what is waited for. */
export function textView(stream: NodeJS.WriteStream): View {
  const colors = pc.createColors(Boolean(stream.isTTY) && pc.isColorSupported);
  const update = stream.isTTY ? createLogUpdate(stream) : undefined;
  const print = (text: string, paint = (line: string): string => line): void => {
    update?.clear();
    for (const line of text.split('\n')) stream.write(`${paint(line)}\n`);
  };
  return {
    say: (text) => print(text),
    chapter: (title) => print(`\n${inColumns(title, '')}`, colors.bold),
    step: (line) => print(inColumns(line, margin)),
    news: (line) => print(inColumns(line, margin), colors.dim),
    waiting: (words) => update?.(colors.cyan(`${margin}${words.slice(0, columns - 4)}`)),
    proven: (line) => print(inColumns(line, margin)),
  };
}

/** Breaks what is too long; leaves other lines, which may be YAML or a tree, as they are. */
function inColumns(text: string, indent: string): string {
  const most = columns - indent.length;
  return text
    .split('\n')
    .flatMap((line) => (Array.from(line).length <= most ? [line] : wrapped(line, most)))
    .map((line) => `${indent}${line}`.trimEnd())
    .join('\n');
}
