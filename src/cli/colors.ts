import type { WriteStream } from 'node:tty';

/**
 * Whether text to a stream has colours: in a terminal, unless `NO_COLOR` is set to anything
 * (https://no-color.org) or the terminal is a dumb one.
 */
export function useColor(
  stream: Partial<Pick<WriteStream, 'isTTY'>>,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  const { NO_COLOR: noColor = '', TERM: terminal } = environment;
  // Not a terminal: undefined, whatever its type says.
  return stream.isTTY === true && noColor === '' && terminal !== 'dumb';
}

/** Columns of standard output: those of the terminal, or 80 where it is none. */
export function outputWidth(): number {
  return process.stdout.isTTY ? process.stdout.columns : 80;
}
