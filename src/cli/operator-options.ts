/** Flags of `sagemaker-privatelink operator`: the one table that its configuration and docs are made from. */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { parseQueueUrl, type QueueAddress } from '../aws/drift-events/queue-address.ts';
import { callPurposes } from '../aws/call-purposes.ts';
import type { CallLimits } from '../aws/rate-limit/call-limits.ts';
import { givenClusterIdFlag } from './flags/cluster-id-flag.ts';
import { DurationOption, SecondsAlias } from './flags/duration-option.ts';

/** Adds the flags to a command. */
export function addOperatorOptions(command: Command): Command {
  for (const option of operatorFlags()) command.addOption(option);
  return command;
}

/** Every flag with its default and its words; hidden ones are former names. */
export function operatorFlags(): readonly Option[] {
  return [...placeFlags(), ...leaseFlags(), ...workFlags(), ...observationFlags()];
}

/** Which cluster, which accounts. */
function placeFlags(): readonly Option[] {
  return [
    new Option(
      '--cluster-id <id>',
      'identity of this cluster in the ownership tags at AWS; default: the UID of namespace kube-system',
    ).argParser(givenClusterIdFlag),
    new Option(
      '--account-map <file>',
      "YAML with the roles that the names in links' spec.account stand for; read again when it changes",
    ),
    new Option(
      '--kubeconfig <file>',
      'kubeconfig; default: $KUBECONFIG, ~/.kube/config, or the pod',
    ),
    new Option('--context <name>', 'context of the kubeconfig; default: its current context'),
  ];
}

function workFlags(): readonly Option[] {
  return [
    new Option('--health-port <port>', 'port of /healthz and /readyz')
      .default(8081)
      .argParser(port),
    new Option('--metrics-port <port>', 'port of /metrics').default(8080).argParser(port),
    new Option(
      '--host <address>',
      'address that both ports listen on; default: all, of IPv4 and IPv6',
    ),
    new Option('--workers <n>', 'links that are worked on at the same time')
      .default(32)
      .argParser(positiveInteger),
    ...namespaceFlags(),
    new Option('--kube-api-qps <n>', 'requests a second to the API server, after a burst')
      .default(100)
      .argParser(positiveInteger),
    new Option('--kube-api-burst <n>', 'requests at once to the API server after a quiet time')
      .default(300)
      .argParser(positiveInteger),
    new Option(
      '--aws-call-rate <Action=perSecond/burst>',
      "call rate of an AWS action, instead of AWS's published one, such as ec2:CreateVpcEndpoint=0.2/3; may be repeated",
    )
      .default({})
      .argParser(callRate),
    new Option(
      '--aws-call-share <part>',
      "part of AWS's published call rates that the operator uses, where others use the account too, such as 0.5; --aws-call-rate goes before it",
    )
      .default(1)
      .argParser(share),
    new Option(
      '--drift-events-queue <url>',
      "SQS queue with events about changes at AWS, by which drift is found before the sweep; read with the operator's own role; may be repeated",
    )
      .default([])
      .argParser(queueAddress),
    ...duration('--poll', 'how often AWS is looked at while it works on something', '5s'),
    ...duration('--stalled', 'how often a link is looked at that needs a person', '5m'),
    ...duration(
      '--consistency',
      'how long AWS may take to show what was created, before an absence is believed on deletion',
      '10s',
    ),
    ...patienceFlags(),
    ...orphanFlags(),
    ...duration('--drain', 'how long running passes may take to end on SIGTERM', '20s'),
    ...duration(
      '--relist',
      'a full list of the links at least this often, in case the watch lost an event',
      '10m',
    ),
    ...duration(
      '--watch-silence',
      'silence after which a watch counts as dead; the API server says something each minute',
      '2m30s',
    ),
  ];
}

/** Flags about logs and metrics. */
function observationFlags(): readonly Option[] {
  return [
    new Option('--log-level <level>', 'least urgent lines that are written')
      .choices(['debug', 'info', 'warn', 'error'])
      .default('info'),
    new Option(
      '--link-metrics <n>',
      'metrics of each link, with its name, while there are at most so many links; 0 for none',
    )
      .default(500)
      .argParser(wholeNumber),
  ];
}

/** The namespaces of the cluster. */
function namespaceFlags(): readonly Option[] {
  return [
    new Option(
      '--clients',
      'look after the namespaces of the cluster: spec.clients; needs the rights of the component clients',
    ).default(false),
    new Option(
      '--verify',
      'verify links from pods: spec.verify; needs --clients, and the rights of the component verify',
    ).default(false),
    new Option(
      '--verify-image <image>',
      "image of the pods that verify; default: that of the operator's own pod, named by $POD_NAME",
    ),
    new Option('--namespace-workers <n>', 'namespaces that are worked on at the same time')
      .default(16)
      .argParser(positiveInteger),
  ];
}

/** How long is waited for what AWS does not show. */
function patienceFlags(): readonly Option[] {
  return [
    ...duration(
      '--dns-settle',
      'how long callers may take to follow a change of private DNS, after AWS shows it; a notebook policy is tightened only then',
      '1m',
    ),
    ...duration(
      '--iam-settle',
      'how long IAM may take to enforce what it shows; endpoints that a notebook policy names change only then',
      '15s',
    ),
    ...duration(
      '--way-deadline',
      'how long a notebook policy waits at most for an endpoint that callers are to be led to',
      '10m',
    ),
  ];
}

/** Flags about resources that the cluster left at AWS. */
function orphanFlags(): readonly Option[] {
  return [
    new Option(
      '--orphans <what>',
      "what happens to resources with this cluster's id whose link is no more",
    )
      .choices(['Report', 'Delete'])
      .default('Report'),
    ...duration(
      '--orphan-grace',
      'with --orphans Delete: how long this process has to have seen an orphan before',
      '24h',
    ),
    ...duration('--orphan-sweep', 'how often orphans are looked for', '5m'),
  ];
}

function leaseFlags(): readonly Option[] {
  return [
    new Option('--no-leader-elect', 'work without a Lease: for one replica only'),
    new Option('--lease-namespace <name>', "namespace of the Leases; default: the pod's"),
    new Option('--lease-name <name>', 'begins the names of the Leases').default(
      'sagemaker-privatelink-operator',
    ),
    ...duration(
      '--lease-duration',
      'how long others wait for a replica that does not renew its Lease',
      '15s',
      true,
    ),
    ...duration(
      '--renew-deadline',
      'a replica that could not renew its Lease for so long stops; less than the lease duration',
      '10s',
    ),
    ...duration(
      '--retry-period',
      'pause between renewals of the Lease; less than the renew deadline',
      '2s',
    ),
  ];
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('must be a port number from 0 (any free one) to 65535');
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (isWhole(text) && value > 0) return value;
  throw new InvalidArgumentError('must be a whole number above 0, in digits');
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (isWhole(text)) return value;
  throw new InvalidArgumentError('must be a whole number, 0 or above, in digits');
}

/** Nine digits are more than anything here can be. */
function isWhole(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}

/** A flag for a duration, and its former name. */
function duration(
  flag: string,
  description: string,
  usual: string,
  wholeSeconds = false,
): readonly Option[] {
  // The operator's clock waits longer than Node's timers do.
  const longestMs = Number.POSITIVE_INFINITY;
  const settings = { usual, mayBeZero: false, longestMs, wholeSeconds };
  const option = new DurationOption(flag, description, settings);
  return [option, new SecondsAlias(option, settings)];
}

function share(text: string): number {
  const value = Number(text);
  if (/^\d*\.?\d+$/.test(text) && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('must be a number above 0 and at most 1, such as 0.5');
}

function queueAddress(text: string, former: readonly QueueAddress[]): readonly QueueAddress[] {
  const address = parseQueueUrl(text);
  if (address !== undefined) return [...former, address];
  throw new InvalidArgumentError(
    'must be the URL that AWS gives the queue, such as https://sqs.eu-west-1.amazonaws.com/111122223333/drift-events',
  );
}

function callRate(text: string, former: CallLimits): CallLimits {
  const match = /^([a-z0-9]+:[A-Za-z]+)=(\d+(?:\.\d+)?)\/(\d+)$/.exec(text);
  const [, action, perSecond, burst] = match ?? [];
  if (action === undefined || Number(perSecond) <= 0 || Number(burst) < 1) {
    throw new InvalidArgumentError(
      'must look like ec2:CreateVpcEndpoint=0.2/3 (calls per second, then burst)',
    );
  }
  if (!(action in callPurposes)) {
    throw new InvalidArgumentError(
      `${action} is no call of the operator: docs/aws-calls.md lists them, as in ec2:CreateVpcEndpoint=0.2/3`,
    );
  }
  return { ...former, [action]: { perSecond: Number(perSecond), burst: Number(burst) } };
}
