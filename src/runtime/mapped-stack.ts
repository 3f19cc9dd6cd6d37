/** Stacks of the bundle, which has few lines, in the files and lines of src. */
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A place as V8 writes it. */
const place = /(file:\/\/[^\s()]+\.mjs):(\d+):(\d+)/g;

/** Parsed maps are ten times their files: they are kept as long as there is memory for them. */
const known = new Map<string, WeakRef<SourceMap>>();
/** Files without a map: a stack has dozens of places, and a log thousands of stacks. */
const mapless = new Set<string>();

/**
 * A stack with the places of the bundle that a source map beside it tells of as places of src; the others stay.
 * Node's `--enable-source-maps` does the same, and keeps every map in memory from the start.
 */
export function mappedStack(stack: string): string {
  return stack.replace(place, (text: string, url: string, line: string, column: string) => {
    const origin = mapOf(url)?.findOrigin(Number(line), Number(column));
    if (origin === undefined || !('fileName' in origin)) return text;
    const file = fileURLToPath(new URL(origin.fileName, url));
    return `${file}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}

/** Has Node print the stack of an error that nobody caught with the places of src. */
export function mapUncaughtStacks(): void {
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    if (error instanceof Error && error.stack !== undefined) error.stack = mappedStack(error.stack);
  });
}

function mapOf(url: string): SourceMap | undefined {
  const kept = known.get(url)?.deref();
  if (kept !== undefined || mapless.has(url)) return kept;
  try {
    const payload: unknown = JSON.parse(readFileSync(new URL(`${url}.map`), 'utf8'));
    const map = new SourceMap(payload as ConstructorParameters<typeof SourceMap>[0]);
    known.set(url, new WeakRef(map));
    return map;
  } catch {
    // The program may be there without its maps, as one file; an error without places is better than none.
    mapless.add(url);
    return undefined;
  }
}
