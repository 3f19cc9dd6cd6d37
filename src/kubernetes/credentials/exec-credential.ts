/** Credentials from a program, by the protocol of client.authentication.k8s.io. */
import { readFileSync } from 'node:fs';
import { KubeConfigError } from './kube-config-error.ts';
import { runChildGroup } from './child-group.ts';
import { type Entry, type Environment, isObject, textOf } from './kube-config-files.ts';

export interface ExecCredential {
  readonly token?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Undefined: until the API server refuses it. */
  readonly expiresAt: Date | undefined;
}

export interface ExecPluginOptions {
  readonly userName: string;
  /** The `exec` of the user. */
  readonly exec: Entry;
  /** The cluster of the context: told to a plugin that asks with `provideClusterInfo`. */
  readonly cluster: Entry;
  /** The environment that the plugin's own variables are added to. */
  readonly environment: Environment;
  /** @default 60000: a person may have to find their key */
  readonly limitMs?: number;
}

const defaultLimitMs = 60_000;
const longestComplaint = 500;

/**
 * Runs the plugin once.
 *
 * @throws KubeConfigError when it cannot be run, fails, takes too long, or answers nonsense
 */
export async function runExecPlugin(options: ExecPluginOptions): Promise<ExecCredential> {
  const { exec, userName } = options;
  const command = textOf(exec['command']);
  const plugin = `exec plugin ${command} of user ${JSON.stringify(userName)}`;
  if (command === undefined) {
    throw new KubeConfigError(`user ${JSON.stringify(userName)}: exec has no command`);
  }
  if (exec['interactiveMode'] === 'Always') {
    throw new KubeConfigError(
      `${plugin} wants a terminal (interactiveMode: Always); there is none`,
    );
  }
  const limitMs = options.limitMs ?? defaultLimitMs;
  const args = listOf(exec['args']).map((one) => textOf(one) ?? '');
  const env = environmentOf(options);
  const result = await runChildGroup({ command, args, env, limitMs }).catch((error) => {
    throw new KubeConfigError(`${plugin} cannot be run: ${messageOf(error)}${hintOf(exec)}`);
  });
  if (result.wasCutOff) {
    throw new KubeConfigError(`${plugin} did not answer within ${limitMs / 1000} s and was ended`);
  }
  if (result.exitCode !== 0) {
    const said = result.stderr.trim().slice(0, longestComplaint);
    throw new KubeConfigError(`${plugin} failed with exit code ${result.exitCode}: ${said}`);
  }
  return credentialOf(plugin, exec, result.stdout);
}

function environmentOf({ exec, cluster, environment }: ExecPluginOptions): Environment {
  const variables = listOf(exec['env']).filter(isObject);
  const named = variables.map(({ name, value }) => [textOf(name) ?? '', textOf(value) ?? '']);
  return {
    ...environment,
    ...Object.fromEntries(named),
    KUBERNETES_EXEC_INFO: JSON.stringify({
      apiVersion: exec['apiVersion'],
      kind: 'ExecCredential',
      spec: {
        ...(exec['provideClusterInfo'] === true ? { cluster: clusterInfo(cluster) } : {}),
        interactive: false,
      },
    }),
  };
}

/** The fields that `ExecCredential.spec.cluster` has; `config` comes from the cluster's extensions. */
function clusterInfo(cluster: Entry): Entry {
  const fields = [
    'server',
    'tls-server-name',
    'insecure-skip-tls-verify',
    'certificate-authority-data',
    'proxy-url',
    'disable-compression',
  ].flatMap((field) => (cluster[field] === undefined ? [] : [[field, cluster[field]]]));
  const config = listOf(cluster['extensions'])
    .filter(isObject)
    .find(({ name }) => name === 'client.authentication.k8s.io/exec')?.['extension'];
  return {
    ...Object.fromEntries(fields),
    ...authorityOf(cluster),
    ...(config === undefined ? {} : { config }),
  };
}

/** The protocol has no field for a file: what is in it is passed on. */
function authorityOf(cluster: Entry): Entry {
  const path = cluster['certificate-authority'];
  if (cluster['certificate-authority-data'] !== undefined || typeof path !== 'string') return {};
  return { 'certificate-authority-data': readFileSync(path).toString('base64') };
}

function credentialOf(plugin: string, exec: Entry, stdout: string): ExecCredential {
  const answer = answerOf(plugin, stdout);
  const { status } = answer;
  const [version, wanted] = [textOf(answer['apiVersion']), textOf(exec['apiVersion'])];
  if (version !== undefined && wanted !== undefined && version !== wanted) {
    throw new KubeConfigError(`${plugin} answered in ${version}, not in ${wanted}`);
  }
  if (!isObject(status)) throw new KubeConfigError(`${plugin} answered without a status`);
  const [token, cert] = [textOf(status['token']), textOf(status['clientCertificateData'])];
  const key = textOf(status['clientKeyData']);
  const hasPair = cert !== undefined && key !== undefined;
  if (token === undefined && !hasPair) {
    throw new KubeConfigError(`${plugin} answered without a token or a certificate with its key`);
  }
  const expiresAt = new Date(textOf(status['expirationTimestamp']) ?? '');
  return {
    ...(token === undefined ? {} : { token }),
    ...(hasPair ? { cert, key } : {}),
    expiresAt: Number.isNaN(expiresAt.getTime()) ? undefined : expiresAt,
  };
}

function answerOf(plugin: string, stdout: string): Entry {
  try {
    const answer: unknown = JSON.parse(stdout);
    if (isObject(answer)) return answer;
  } catch {
    // The answer holds secrets: nothing of it is repeated.
  }
  throw new KubeConfigError(`${plugin} did not answer with an ExecCredential in JSON`);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function hintOf({ installHint }: Entry): string {
  return typeof installHint === 'string' ? `\n${installHint.trim()}` : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
