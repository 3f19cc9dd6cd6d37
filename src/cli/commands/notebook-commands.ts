/** `policy` and `explain-access`: what would be enforced, asked before it is. */
import { isIP } from 'node:net';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AccessExplanation } from '../../plan/notebook-policy/document/explain.ts';
import { isPermissionSetRole } from '../../plan/notebook-policy/permission-sets.ts';
import { partitionOfRegion } from '../../plan/network/partitions.ts';
import type { StandaloneLink } from '../../standalone/link-files.ts';
import {
  type AskedRequest,
  enforcedPolicy,
  type EnforcedPolicy,
  explainRequest,
  type NotebookQuestion,
} from '../../standalone/notebook-question.ts';
import { addLinkInputOptions, type LinkInputOptions, loadLinks } from '../link-input.ts';
import type { AccessMatrix } from '../../standalone/reports/access-matrix.ts';
import { outputWidth } from '../colors.ts';
import { UserError } from '../../runtime/user-error.ts';
import type { LinkView } from '../../topology/topology.ts';
import { shutdownSignal } from '../signals.ts';
import type { SetExitCode } from '../exit-code.ts';

interface QuestionOptions extends LinkInputOptions {
  readonly endpoint: Readonly<Record<string, string>>;
  readonly account?: string;
  readonly output: 'text' | 'json';
}

interface ExplainOptions extends QuestionOptions {
  readonly sourceIp?: string;
  readonly vpce?: string;
  readonly vpcSourceIp?: string;
  readonly viaService?: true;
  readonly action?: string;
  readonly resource?: string;
  readonly matrix?: true;
  readonly role?: string;
  readonly context?: string;
  readonly kubeconfig?: string;
}

/** A link, and what its status adds to the question. */
interface AskedLink {
  readonly link: Pick<StandaloneLink, 'name' | 'spec'>;
  readonly endpoint: Readonly<Record<string, string>>;
  readonly account?: string;
  readonly partition?: string;
  /** Names of the roles that the policy is attached to, or is to be. */
  readonly roles: readonly string[];
}

/** Adds `policy`: prints IAM documents, one per link. */
export function addPolicyCommand(program: Command): void {
  const command = program
    .command('policy')
    .description('print the IAM policy that spec.notebookAccess would enforce; makes no AWS call')
    .addHelpText(
      'after',
      `
Exit code: 0 every link has a policy, which is printed, 1 error.
The JSON output has the documents with names and warnings: docs/policy.schema.json.`,
    );
  addQuestionOptions(command).action(async (options: QuestionOptions) => {
    const policies = (await loadLinks(options)).map((link) => printedPolicy(link, options));
    if (options.output === 'json') {
      process.stdout.write(`${JSON.stringify({ policies }, undefined, 2)}\n`);
      return;
    }
    for (const { document, warnings } of policies) {
      process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
      for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
    }
  });
}

/** One link's document, as -o json has it: docs/policy.schema.json. */
function printedPolicy(link: StandaloneLink, options: QuestionOptions) {
  const question = questionOf(linkOfFile(link), options);
  const { document, warnings } = documentOf(enforcedPolicy(question));
  const example =
    options.account === undefined
      ? [`the ARNs have the example account ${exampleAccount}: give yours with --account`]
      : [];
  return {
    link: link.name,
    account: question.account,
    document,
    warnings: [...example, ...warnings],
  };
}

/** Adds `explain-access`. Exit code 0: not denied, 3: denied, 1: the question has no answer. */
export function addExplainAccessCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('explain-access')
    .argument('[link...]', "links of the cluster, with their endpoints' ids, in place of files")
    .description('tell whether spec.notebookAccess would deny a request, and by which clause')
    .option('--context <name>', 'the cluster, by this context of the kubeconfig')
    .option('--kubeconfig <file>', 'the cluster, by this kubeconfig')
    .option(
      '--matrix',
      'test every source that the link can tell apart against both steps of opening a notebook',
    )
    .option(
      '--role <name>',
      'also report whether this IAM role has the policy; without a source it implies --matrix',
      roleFlag,
    )
    .option('--source-ip <address>', 'public address, over the internet', address)
    .option('--vpce <id or name>', 'through this endpoint: an id, or a name given by --endpoint')
    .option('--vpc-source-ip <address>', 'address inside the VPC, with --vpce', address)
    .option('--via-service', 'the request is made by an AWS service on behalf of a caller')
    .option(
      '--action <name>',
      "IAM's name of the action, or the spec's; default: the first that is restricted",
    )
    .option(
      '--resource <arn>',
      'ARN of the notebook instance, ...; default: any that the link restricts',
    )
    .addHelpText(
      'after',
      `
Exit code: 0 not denied, 3 denied (with several links: by any of them), 1 no answer; a matrix ends with 0.
The JSON output is described by docs/explain-access.schema.json.`,
    );
  addQuestionOptions(command, { isFileRequired: false }).action(
    async (names: readonly string[], options: ExplainOptions) => {
      const asked = await askedLinks(names, options);
      if (isMatrix(options)) {
        for (const one of asked) await printMatrix(one, options);
        return;
      }
      const explanations = asked.map((one) => explain(one, options));
      for (const one of explanations) printExplanation(one, options);
      setExitCode(explanations.some(({ decision }) => decision === 'Denied') ? 3 : 0);
    },
  );
}

function addQuestionOptions(
  command: Command,
  { isFileRequired } = { isFileRequired: true },
): Command {
  return addLinkInputOptions(command, { isFileRequired })
    .option(
      '--endpoint <name=id>',
      'id of an endpoint at AWS, such as api=vpce-0a1b2c3d4e5f67890; may be repeated',
      endpointFlag,
      {},
    )
    .option('--account <number>', 'AWS account in the ARNs of the documents', accountFlag)
    .addOption(new Option('-o, --output <form>', 'form').choices(['text', 'json']).default('text'));
}

function endpointFlag(
  text: string,
  former: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const match = /^([a-z0-9.-]+)=(vpce-(?:[0-9a-f]{8}|[0-9a-f]{17}))$/.exec(text);
  const [, name, id] = match ?? [];
  if (name === undefined || id === undefined) {
    throw new InvalidArgumentError('must look like api=vpce-0a1b2c3d4e5f67890');
  }
  return { ...former, [name]: id };
}

function accountFlag(text: string): string {
  if (/^\d{12}$/.test(text)) return text;
  throw new InvalidArgumentError('must be the twelve digits of an AWS account');
}

/** An ARN or a path would be found in no link, which reads as "not restricted". */
function roleFlag(text: string): string {
  if (/^[\w+=,.@-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('must be the name of an IAM role, not an ARN and without path');
}

function address(text: string): string {
  // AWS sees such an address as IPv4, and so do the blocks of a link.
  const [, ipv4 = ''] = /^::ffff:([\d.]+)$/i.exec(text) ?? [];
  if (isIP(ipv4) !== 0) throw new InvalidArgumentError(`must be in the form of IPv4: ${ipv4}`);
  // The zone of an address (`%eth0`) never leaves its host.
  if (isIP(text) !== 0 && !text.includes('%')) return text;
  throw new InvalidArgumentError('must be an IPv4 or IPv6 address');
}

/** AWS's own example; nobody has it. */
const exampleAccount = '111122223333';

function accountInArn(resource: string | undefined): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource ?? '')?.[1];
}

function questionOf(
  { link, endpoint, account: known, partition }: AskedLink,
  options: QuestionOptions & Pick<ExplainOptions, 'resource'>,
): NotebookQuestion {
  const { account = known ?? accountInArn(options.resource) ?? exampleAccount } = options;
  return {
    link,
    partition: partition ?? partitionOfRegion(link.spec.region),
    account,
    endpointIds: { ...endpoint, ...options.endpoint },
  };
}

function linkOfFile(link: StandaloneLink): AskedLink {
  return { link, endpoint: {}, roles: link.spec.notebookAccess?.attachTo?.roles ?? [] };
}

async function askedLinks(
  names: readonly string[],
  options: ExplainOptions,
): Promise<readonly AskedLink[]> {
  const { filename, context, kubeconfig } = options;
  const isOfCluster = names.length > 0 || context !== undefined || kubeconfig !== undefined;
  if (filename !== undefined && isOfCluster) {
    throw new UserError('-f asks about files, and names about links of the cluster: leave one out');
  }
  if (filename !== undefined) return (await loadLinks(options)).map(linkOfFile);
  if (!isOfCluster)
    throw new UserError('no links: give files with -f, or names of links of the cluster');
  const { readLinks } = await import('../read-links.ts');
  return (await readLinks(names, { ...place(options) }, shutdownSignal())).map(liveLink);
}

function place({ context, kubeconfig }: ExplainOptions) {
  return {
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
}

/** The link with AWS as the operator wrote it down: ids of endpoints, and who has the policy. */
function liveLink({ name, spec, status = {} }: LinkView): AskedLink {
  const ids = (status.endpoints ?? []).flatMap(({ service, serviceName, id }) =>
    id === undefined ? [] : [[service ?? serviceName, id] as const],
  );
  const wanted = new Set(spec.endpoints.map((one) => one.service ?? one.serviceName));
  return {
    link: { name, spec },
    endpoint: Object.fromEntries(ids.filter(([key]) => wanted.has(key))),
    ...(status.account === undefined ? {} : { account: status.account }),
    ...(status.partition === undefined ? {} : { partition: status.partition }),
    roles: status.notebookAccess?.attachedTo?.roles ?? [],
  };
}

/** A forgotten source must not end with 0, which says that something is not denied. */
function isMatrix({ matrix, role, sourceIp, vpce, vpcSourceIp, viaService }: ExplainOptions) {
  const hasSource = (sourceIp ?? vpce ?? vpcSourceIp ?? viaService) !== undefined;
  if (matrix === true && hasSource) {
    throw new UserError('--matrix asks about every source: leave out the one that is given');
  }
  return matrix === true || (role !== undefined && !hasSource);
}

async function printMatrix(asked: AskedLink, options: ExplainOptions): Promise<void> {
  const { accessMatrix, rowsForRole } = await import('../../standalone/reports/access-matrix.ts');
  const question = questionOf(asked, options);
  const { document } = documentOf(enforcedPolicy(question));
  const { action, resource, output } = options;
  const request = {
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resource }),
  };
  const found = answered(() => accessMatrix(question, document, request));
  const { role } = roleOf(asked, options);
  const rows = role === undefined ? found.rows : rowsForRole(found.rows, role);
  const matrix = { link: asked.link.name, ...roleOf(asked, options), ...found, rows };
  const text = output === 'json' ? JSON.stringify(matrix, undefined, 2) : await tableOf(matrix);
  process.stdout.write(`${text}\n`);
}

async function tableOf(matrix: AccessMatrix): Promise<string> {
  const { matrixLines } = await import('../../standalone/reports/access-matrix.ts');
  const { wrapped } = await import('../../topology/render/wrapped.ts');
  const [rows, reasons] = matrixLines(matrix);
  const width = outputWidth();
  return [...rows, '', ...reasons.flatMap((line) => wrapped(line, width))].join('\n');
}

function roleOf({ roles }: AskedLink, { role: name }: ExplainOptions) {
  if (name === undefined) return {};
  // IAM's names have no regard to case.
  const isRestricted = roles.some((one) => one.toLowerCase() === name.toLowerCase());
  if (!isRestricted && isPermissionSetRole({ kind: 'role', name })) {
    throw new UserError(
      `--role ${name} is a role of IAM Identity Center: whether its permission set has the policy stands in no link. Leave out --role to ask what holds for everybody who has it.`,
    );
  }
  return { role: { name, isRestricted } };
}

function documentOf(policy: EnforcedPolicy): Extract<EnforcedPolicy, { kind: 'Document' }> {
  if (policy.kind === 'None') throw new UserError(policy.message);
  return policy;
}

interface LinkExplanation extends AccessExplanation {
  readonly link: string;
  readonly role?: { readonly name: string; readonly isRestricted: boolean };
}

function explain(asked: AskedLink, options: ExplainOptions): LinkExplanation {
  const question = questionOf(asked, options);
  const { document } = documentOf(enforcedPolicy(question));
  const request = requestOf({ ...options, endpoint: question.endpointIds });
  const found = answered(() => explainRequest(question, document, request));
  const { role } = roleOf(asked, options);
  if (role?.isRestricted !== false)
    return { link: asked.link.name, ...roleOf(asked, options), ...found };
  const line = `Not restricted: role ${role.name} does not have the policy.`;
  const { sid: _none, ...rest } = found;
  return { link: asked.link.name, role, ...rest, decision: 'NotDenied', lines: [line] };
}

function printExplanation(explanation: LinkExplanation, { output }: ExplainOptions): void {
  const text =
    output === 'json' ? JSON.stringify(explanation, undefined, 2) : explanation.lines.join('\n');
  process.stdout.write(`${text}\n`);
}

function answered<T>(answer: () => T): T {
  try {
    return answer();
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(error.message);
    throw error;
  }
}

function requestOf(options: ExplainOptions): AskedRequest {
  const { sourceIp, vpce, vpcSourceIp, viaService, action, resource } = options;
  if (sourceIp !== undefined && (vpce ?? vpcSourceIp) !== undefined) {
    throw new UserError(
      'a request comes either over the internet (--source-ip) or through an endpoint (--vpce, --vpc-source-ip)',
    );
  }
  if (vpcSourceIp !== undefined && vpce === undefined) {
    throw new UserError('--vpc-source-ip needs --vpce: which endpoint the request comes through');
  }
  const sourceVpce = vpce === undefined ? undefined : endpointIdOf(vpce, options);
  return {
    viaAWSService: viaService === true,
    ...(sourceIp === undefined ? {} : { sourceIp }),
    ...(vpcSourceIp === undefined ? {} : { vpcSourceIp }),
    ...(sourceVpce === undefined ? {} : { sourceVpce }),
    ...(action === undefined ? {} : { action }),
    ...(resource === undefined ? {} : { resource }),
  };
}

function endpointIdOf(vpce: string, { endpoint }: ExplainOptions): string {
  const id = endpoint[vpce] ?? vpce;
  if (id.startsWith('vpce-')) return id;
  throw new UserError(
    `--vpce ${vpce} is no id, and no endpoint of that name is given: add --endpoint ${vpce}=vpce-...`,
  );
}
