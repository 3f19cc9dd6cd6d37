/** Flags of `sagemaker-privatelink operator`: the one table that its configuration and docs are made from. */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import type { CallLimits } from '../aws/rate-limit/call-limits.ts';

/** Adds the flags to a command. */
export function addOperatorOptions(command: Command): Command {
  for (const option of operatorFlags()) command.addOption(option);
  return command;
}

/** Every flag with its default and its words. */
export function operatorFlags(): readonly Option[] {
  return [...placeFlags(), ...leaseFlags(), ...workFlags()];
}

/** Which cluster, which accounts. */
function placeFlags(): readonly Option[] {
  return [
    new Option(
      '--cluster-id <id>',
      'identity of this cluster in the ownership tags at AWS; default: the UID of namespace kube-system',
    ),
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
    new Option('--log-level <level>', 'least urgent lines that are written')
      .choices(['debug', 'info', 'warn', 'error'])
      .default('info'),
    new Option(
      '--aws-call-rate <Action=perSecond/burst>',
      "call rate of an AWS action, instead of AWS's published one, such as ec2:CreateVpcEndpoint=0.2/3; may be repeated",
    )
      .default({})
      .argParser(callRate),
    new Option('--poll-seconds <s>', 'how often AWS is looked at while it works on something')
      .default(5)
      .argParser(positiveNumber),
    new Option('--stalled-seconds <s>', 'how often a link is looked at that needs a person')
      .default(300)
      .argParser(positiveNumber),
    new Option(
      '--consistency-seconds <s>',
      'how long AWS may take to show what was created, before an absence is believed on deletion',
    )
      .default(10)
      .argParser(positiveNumber),
    ...patienceFlags(),
    ...orphanFlags(),
    new Option('--drain-seconds <s>', 'how long running passes may take to end on SIGTERM')
      .default(20)
      .argParser(positiveNumber),
    new Option(
      '--relist-seconds <s>',
      'a full list of the links at least this often, in case the watch lost an event',
    )
      .default(600)
      .argParser(positiveNumber),
    new Option(
      '--watch-silence-seconds <s>',
      'silence after which a watch counts as dead; the API server says something each minute',
    )
      .default(150)
      .argParser(positiveNumber),
  ];
}

/** How long is waited for what AWS does not show. */
function patienceFlags(): readonly Option[] {
  return [
    new Option(
      '--dns-settle-seconds <s>',
      'how long callers may take to follow a change of private DNS, after AWS shows it; a notebook policy is tightened only then',
    )
      .default(60)
      .argParser(positiveNumber),
    new Option(
      '--iam-settle-seconds <s>',
      'how long IAM may take to enforce what it shows; endpoints that a notebook policy names change only then',
    )
      .default(15)
      .argParser(positiveNumber),
    new Option(
      '--way-deadline-seconds <s>',
      'how long a notebook policy waits at most for an endpoint that callers are to be led to',
    )
      .default(600)
      .argParser(positiveNumber),
  ];
}

/** What the cluster left at AWS. */
function orphanFlags(): readonly Option[] {
  return [
    new Option(
      '--orphans <what>',
      "what happens to resources with this cluster's id whose link is no more",
    )
      .choices(['Report', 'Delete'])
      .default('Report'),
    new Option(
      '--orphan-grace-seconds <s>',
      'with --orphans Delete: how long this process has to have seen an orphan before',
    )
      .default(86_400)
      .argParser(positiveNumber),
    new Option('--orphan-sweep-seconds <s>', 'how often orphans are looked for')
      .default(300)
      .argParser(positiveNumber),
  ];
}

function leaseFlags(): readonly Option[] {
  return [
    new Option('--no-leader-elect', 'work without a lease: for one replica only'),
    new Option('--lease-namespace <name>', "namespace of the lease; default: the pod's"),
    new Option('--lease-name <name>', 'name of the lease').default(
      'sagemaker-privatelink-operator',
    ),
    new Option(
      '--lease-duration-seconds <s>',
      'how long others wait for a leader that does not renew its lease',
    )
      .default(15)
      .argParser(positiveInteger),
    new Option(
      '--renew-deadline-seconds <s>',
      'a leader that could not renew its lease for so long stops; less than the lease duration',
    )
      .default(10)
      .argParser(positiveNumber),
    new Option(
      '--retry-period-seconds <s>',
      'pause between attempts to get or renew the lease; less than the renew deadline',
    )
      .default(2)
      .argParser(positiveNumber),
  ];
}

function port(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0 && value <= 65_535) return value;
  throw new InvalidArgumentError('must be a port number from 0 (any free one) to 65535');
}

function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('must be a whole number above 0');
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('must be a number above 0');
}

function callRate(text: string, former: CallLimits): CallLimits {
  const match = /^([a-z0-9]+:[A-Za-z]+)=(\d+(?:\.\d+)?)\/(\d+)$/.exec(text);
  const [, action, perSecond, burst] = match ?? [];
  if (action === undefined || Number(perSecond) <= 0 || Number(burst) < 1) {
    throw new InvalidArgumentError(
      'must look like ec2:CreateVpcEndpoint=0.2/3 (calls per second, then burst)',
    );
  }
  return { ...former, [action]: { perSecond: Number(perSecond), burst: Number(burst) } };
}
