/** Credentials of a command, tried before its work: without them each call would fail by itself. */
import { type Cloud, CloudError } from '../plan/cloud.ts';
import { meaningOf } from '../plan/aws-errors/error-table.ts';
import { UserError } from '../runtime/user-error.ts';

/** The variables that say which credentials are meant. */
export type CredentialsEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Asks AWS who calls, once per account and region.
 *
 * @throws UserError when there are no credentials, or AWS does not take them. Other failures are left to the work itself.
 */
export async function checkCredentials(
  clouds: Iterable<Cloud>,
  signal: AbortSignal,
  environment: CredentialsEnvironment = process.env,
): Promise<void> {
  await Promise.all([...new Set(clouds)].map((cloud) => checkCloud(cloud, signal, environment)));
}

async function checkCloud(
  cloud: Cloud,
  signal: AbortSignal,
  environment: CredentialsEnvironment,
): Promise<void> {
  try {
    await cloud.look({ kind: 'Caller' }, { since: cloud.now(), signal });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CloudError) || error.kind !== 'Credentials') return;
    const why = error.code === 'NoCredentials' ? await whyNone(error, environment) : undefined;
    throw new UserError(credentialsWords({ error, why, environment }));
  }
}

/** The SDK's chain says only that nothing worked; a profile that was asked for says what is wrong. */
async function whyNone(
  { message }: CloudError,
  { AWS_PROFILE: profile = '' }: CredentialsEnvironment,
): Promise<string | undefined> {
  if (profile === '' || /sso/i.test(message)) return undefined;
  const { fromIni } = await import('@aws-sdk/credential-providers');
  try {
    await fromIni({ profile, ignoreCache: true })();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}

interface CredentialsProblem {
  readonly error: CloudError;
  /** A better explanation than the error's. */
  readonly why?: string | undefined;
  readonly environment: CredentialsEnvironment;
}

/** Says in one line how the credentials fail, where they come from and what to do. Pure. */
export function credentialsWords({ error, why, environment }: CredentialsProblem): string {
  const { code, kind, message } = error;
  const { AWS_PROFILE: profile = '' } = environment;
  const text = why ?? message.replace(/^\S+ has no AWS credentials to call with: /, '');
  const what =
    code === 'NoCredentials' ? 'no AWS credentials' : 'AWS does not take the credentials';
  const head = `${what} (${sourceWords(environment)}): ${text.replace(/[\s.]*$/, '')}.`;
  if (/\bsso\b/i.test(text)) {
    return `${head} Run: aws sso login${profile === '' ? '' : ` --profile ${profile}`}`;
  }
  if (code === 'NoCredentials') return `${head} ${adviceForNone(profile)}`;
  if (code.startsWith('ExpiredToken')) {
    return `${head} Get new ones from where these came from, such as aws sso login.`;
  }
  return `${head} ${meaningOf({ code, kind, text: error.text ?? message }).advice}`;
}

function adviceForNone(profile: string): string {
  if (profile === '') {
    return 'Set AWS_PROFILE to a profile of your AWS CLI, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; aws configure makes a profile.';
  }
  return 'Check the profile: aws configure list-profiles shows all, and aws sts get-caller-identity tries it. Or unset AWS_PROFILE.';
}

/** In the order in which the SDK's chain takes them. */
function sourceWords(environment: CredentialsEnvironment): string {
  const isSet = (name: string): boolean => (environment[name] ?? '') !== '';
  if (isSet('AWS_PROFILE')) return `AWS_PROFILE=${environment['AWS_PROFILE']}`;
  const source = [
    'AWS_ACCESS_KEY_ID',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  ].find(isSet);
  return source === undefined ? 'neither AWS_PROFILE nor keys are set' : `from ${source}`;
}
