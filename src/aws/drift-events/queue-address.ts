/** An SQS queue, by the URL that AWS gives it. */
export interface QueueAddress {
  readonly url: string;
  readonly region: string;
  readonly name: string;
}

/** `sqs.eu-west-1.amazonaws.com`, with FIPS or of China; the older `eu-west-1.queue.amazonaws.com`. */
const hosts: readonly RegExp[] = [
  /^sqs(?:-fips)?\.([a-z]{2}[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|api\.aws|api\.amazonwebservices\.com\.cn)$/,
  /^([a-z]{2}[a-z0-9-]+)\.queue\.amazonaws\.com(?:\.cn)?$/,
];

/**
 * Reads the URL of a queue; the region is in its host. Undefined for anything else, such as the
 * address of a VPC endpoint: where requests go is a matter of the SDK's settings.
 */
export function parseQueueUrl(text: string): QueueAddress | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, pathname, port, username, password, search, hash } = new URL(text);
  const isPlain = [port, username, password, search, hash].every((part) => part === '');
  const [region] = hosts.flatMap((host) => host.exec(hostname)?.[1] ?? []);
  const [, name] = /^\/\d{12}\/([\w-]{1,75}(?:\.fifo|[\w-]{0,5}))$/.exec(pathname) ?? [];
  if (protocol !== 'https:' || !isPlain || region === undefined || name === undefined) {
    return undefined;
  }
  return { url: text, region, name };
}
