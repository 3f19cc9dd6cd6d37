import { InvalidArgumentError, Option } from 'commander';
import { durationMs } from '../../runtime/duration.ts';

/** Node's timers count in 32 bits: a longer one would end at once. */
const longestTimerMs = 2 ** 31 - 1;

export interface DurationOptionSettings {
  /** The default, as the flag takes it. */
  readonly usual: string;
  /** Whether the flag takes `0s`. @default true */
  readonly mayBeZero?: boolean;
  /** @default as long as Node's timers go: 24.8 days */
  readonly longestMs?: number;
  /** Whether only whole seconds make sense. @default false */
  readonly wholeSeconds?: boolean;
}

/**
 * A flag for a duration, such as `--drain 20s`. A command finds its milliseconds under the flag's
 * name with `Ms` at its end (`drainMs`); the help shows the default as the flag takes it.
 */
export class DurationOption extends Option {
  constructor(flag: string, description: string, settings: DurationOptionSettings) {
    super(`${flag} <duration>`, description);
    const parse = (text: string): number => checked(flagMs(text), settings);
    this.argParser(parse).default(parse(settings.usual), settings.usual);
  }

  override attributeName(): string {
    return `${super.attributeName()}Ms`;
  }
}

/** The name that a duration had in version 0.1.0, as a number of seconds. Not in the help. */
export class SecondsAlias extends Option {
  private readonly replaced: Option;

  constructor(replaced: Option, settings: DurationOptionSettings) {
    super(`${replaced.long}-seconds <s>`, `${replaced.long} in seconds`);
    this.replaced = replaced;
    this.hideHelp().argParser((text) => checked(secondsMs(text), settings));
  }

  override attributeName(): string {
    return this.replaced.attributeName();
  }
}

function flagMs(text: string): number {
  try {
    return durationMs(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError('must be a duration such as 90s, 15m or 1h30m');
  }
}

function secondsMs(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value * 1000;
  throw new InvalidArgumentError('must be a number of seconds');
}

function checked(
  ms: number,
  { mayBeZero = true, wholeSeconds, longestMs = longestTimerMs }: DurationOptionSettings,
): number {
  if (ms === 0 && !mayBeZero) throw new InvalidArgumentError('must be longer than 0s');
  if (wholeSeconds === true && ms % 1000 !== 0) {
    throw new InvalidArgumentError('must be in whole seconds');
  }
  if (ms > longestMs) throw new InvalidArgumentError('must be at most 596h (24.8 days)');
  return ms;
}
