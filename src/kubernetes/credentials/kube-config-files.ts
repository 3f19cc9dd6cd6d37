/** Kubeconfig files as kubectl reads them (client-go, tools/clientcmd/loader.go). */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { load } from 'js-yaml';
import { KubeConfigError } from './kube-config-error.ts';
import { checkTypes, type NamedPart } from './kube-config-types.ts';

/** An entry of `clusters`, `contexts` or `users`, without its name. Fields are as in the file. */
export type Entry = Readonly<Record<string, unknown>>;

/** One file, or several merged ones. Paths are absolute. */
export interface KubeConfigContent {
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

/** The variables of this process; read by `src/cli` alone. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** `$KUBECONFIG`, which is a list of paths, else `~/.kube/config`. */
export function defaultPaths(environment: Environment): readonly string[] {
  const listed = (environment['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  return listed.length > 0 ? [...new Set(listed)] : [join(homedir(), '.kube', 'config')];
}

/**
 * Reads and merges files. The first to name a cluster, context or user says what it is, and the
 * first with a current context decides that; a file that is not there is skipped.
 *
 * @returns undefined when there is none of the files
 * @throws KubeConfigError for a file that cannot be read or is no kubeconfig
 */
export function readKubeConfig(paths: readonly string[]): KubeConfigContent | undefined {
  const contents = paths.flatMap((path) => {
    const text = readText(path);
    return text === undefined ? [] : [parse(text, path)];
  });
  if (contents.length === 0) return undefined;
  return {
    currentContext: contents.find((one) => one.currentContext !== undefined)?.currentContext,
    clusters: firstOfEach(contents.map((one) => one.clusters)),
    contexts: firstOfEach(contents.map((one) => one.contexts)),
    users: firstOfEach(contents.map((one) => one.users)),
  };
}

function firstOfEach(maps: readonly ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> {
  // A Map keeps the last value of a key.
  return new Map([...maps].reverse().flatMap((map) => [...map]));
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new KubeConfigError(`${path} cannot be read: ${message}`);
  }
}

function parse(text: string, path: string): KubeConfigContent {
  const root = yamlOf(text, path);
  const currentContext = root['current-context'];
  if (currentContext !== undefined && typeof currentContext !== 'string') {
    throw new KubeConfigError(`${path}: current-context is not a string; quote it`);
  }
  const folder = resolve(dirname(path));
  const entries = (list: string, part: NamedPart, pathFields: readonly string[]) =>
    entriesOf({ path, list, part }, root[list], (entry) => withPaths(entry, pathFields, folder));
  const users = entries('users', 'user', ['client-certificate', 'client-key', 'tokenFile']);
  return {
    currentContext: currentContext === '' ? undefined : currentContext,
    clusters: entries('clusters', 'cluster', ['certificate-authority']),
    contexts: entries('contexts', 'context', []),
    users: new Map([...users].map(([name, user]) => [name, withCommandPath(user, folder)])),
  };
}

function yamlOf(text: string, path: string): Entry {
  // An empty file is an empty kubeconfig.
  if (text.trim() === '') return {};
  let root: unknown;
  try {
    root = load(text);
  } catch (error) {
    // The parser's message quotes the file, in which secrets are: its first line says enough.
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
    throw new KubeConfigError(`${path} is not YAML: ${reason}`);
  }
  if (root === undefined || root === null) return {};
  if (!isObject(root)) throw new KubeConfigError(`${path} is not a kubeconfig: it is no object`);
  return root;
}

interface ListPlace {
  readonly path: string;
  /** Such as `users`. */
  readonly list: string;
  readonly part: NamedPart;
}

function entriesOf(
  { path, list, part }: ListPlace,
  value: unknown,
  change: (entry: Entry) => Entry,
): ReadonlyMap<string, Entry> {
  if (value === undefined || value === null) return new Map();
  if (!Array.isArray(value)) throw new KubeConfigError(`${path}: ${list} is not a list`);
  const entries = new Map<string, Entry>();
  for (const [index, element] of value.entries()) {
    const place = `${path}: ${list}[${index}]`;
    const { name, [part]: entry } = isObject(element) ? element : {};
    if (typeof name !== 'string') throw new KubeConfigError(`${place}.name is not a string`);
    checkTypes(part, entry, `${place}.${part}`);
    if (entries.has(name)) {
      throw new KubeConfigError(`${place}: the name ${JSON.stringify(name)} is there twice`);
    }
    entries.set(name, change(isObject(entry) ? entry : {}));
  }
  return entries;
}

/** Relative paths are meant from the folder of their file. */
function withPaths(entry: Entry, fields: readonly string[], folder: string): Entry {
  const changed = fields.flatMap((field) => {
    const path = entry[field];
    return typeof path === 'string' && path !== '' && !isAbsolute(path)
      ? [[field, join(folder, path)]]
      : [];
  });
  return { ...entry, ...Object.fromEntries(changed) };
}

/** A command with a slash is a path like the others; one without is looked for in `PATH`. */
function withCommandPath(user: Entry, folder: string): Entry {
  const { exec } = user;
  if (!isObject(exec) || typeof exec['command'] !== 'string') return user;
  if (!exec['command'].includes(sep)) return user;
  return { ...user, exec: withPaths(exec, ['command'], folder) };
}

/** Whether a part of a parsed file is an object. */
export function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that is there; undefined for an empty one and for anything else. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
