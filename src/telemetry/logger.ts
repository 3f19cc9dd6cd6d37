import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import { scrub, scrubValue } from './redaction.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * Writes one JSON object per line. Messages are static, so that they can be searched for;
 * everything that varies is a field. Secrets are taken out of both.
 */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds these fields to each of its lines. */
  child(fields: object): Logger;
}

export interface LoggerOptions {
  /** @default 'info' */
  readonly level?: LogLevel;
  /** Where lines go. @default standard output, written synchronously: nothing is lost at exit. */
  readonly destination?: DestinationStream;
}

/** Creates the root logger. Levels are words and times are ISO 8601, as log collectors expect. */
export function createLogger(options: LoggerOptions = {}): Logger {
  const root = pino(
    {
      level: options.level ?? 'info',
      base: null,
      messageKey: 'message',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      // Errors are plain objects when pino sees them, and its own serializer would call them so.
      serializers: { err: (error: unknown) => error },
    },
    options.destination ?? pino.destination({ dest: 1, sync: true }),
  );
  return scrubbing(root, () => root);
}

/** A logger that writes nothing. */
export function silentLogger(): Logger {
  return createLogger({ level: 'silent' });
}

/**
 * pino's own `redact` knows paths only, and a secret in an error message has no path. So every
 * line is scrubbed by field name and by shape before pino sees it; lines below the level are not.
 *
 * @param make makes the logger for the first line: most passes write none
 */
function scrubbing(root: PinoLogger, make: () => PinoLogger): Logger {
  let made: PinoLogger | undefined;
  const target = (): PinoLogger => (made ??= make());
  const write =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      if (!root.isLevelEnabled(level)) return;
      target()[level](scrubValue(fields) as object, scrub(message));
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    child: (fields) =>
      scrubbing(root, () => target().child(scrubValue(fields) as Record<string, unknown>)),
  };
}
