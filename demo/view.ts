/** What a person sees: a live picture in a terminal, a plain log elsewhere. */
import Table from 'cli-table3';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import type { Condition, SageMakerPrivateLinkStatus } from '../src/api/sagemaker-private-link.ts';

export interface View {
  say(line: string): void;
  chapter(title: string): void;
  /** The newest status and everything noted so far. Called often; only news is shown. */
  show(status: SageMakerPrivateLinkStatus | undefined, notes: readonly string[]): void;
  proven(evidence: readonly string[]): void;
}

/** Shows nothing: for machines. */
export const silentView: View = {
  say: () => undefined,
  chapter: () => undefined,
  show: () => undefined,
  proven: () => undefined,
};

/** One line per piece of news. */
export function logView(write: (line: string) => void): View {
  let said = new Map<string, string>();
  let notesSaid = 0;
  return {
    say: write,
    chapter: (title) => write(`\n== ${title}`),
    show(status, notes) {
      for (const note of notes.slice(notesSaid)) write(`   ${note}`);
      notesSaid = Math.max(notesSaid, notes.length);
      const now = new Map((status?.conditions ?? []).map((one) => [one.type, words(one)]));
      for (const [type, text] of now) if (said.get(type) !== text) write(`   ${type}: ${text}`);
      for (const type of said.keys()) if (!now.has(type)) write(`   ${type}: no more`);
      said = now;
    },
    proven: (evidence) => {
      for (const line of evidence) write(`   seen: ${line}`);
    },
  };
}

function words({ status, reason, message }: Condition): string {
  return `${status} (${reason}) ${message}`;
}

/** A table of conditions that changes in place, above it what is proven. */
export function liveView(stream: NodeJS.WriteStream): View {
  const update = createLogUpdate(stream);
  let title = '';
  const print = (line: string): void => {
    update.clear();
    stream.write(`${line}\n`);
  };
  return {
    say: print,
    chapter(next) {
      title = next;
      print(`\n${pc.bold(next)}`);
    },
    show(status, notes) {
      const table = new Table({
        head: ['condition', 'status', 'reason', 'since'],
        style: { head: [] },
      });
      for (const one of status?.conditions ?? []) {
        table.push([one.type, colored(one), one.reason, one.lastTransitionTime.slice(11, 19)]);
      }
      const last = notes
        .slice(-3)
        .map((note) => pc.dim(note.slice(0, (stream.columns ?? 100) - 2)));
      update([pc.cyan(title), table.toString(), ...last].join('\n'));
    },
    proven(evidence) {
      update.clear();
      for (const line of evidence) stream.write(`  ${pc.green('seen')} ${line}\n`);
    },
  };
}

function colored({ status, type }: Condition): string {
  const isGood = (status === 'True') === !['Reconciling', 'Stalled'].includes(type);
  return isGood ? pc.green(status) : pc.yellow(status);
}
