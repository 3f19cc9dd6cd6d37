/** `policy` and `explain-access`: what would be enforced, asked before it is. */
import { isIP } from 'node:net';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { AccessExplanation } from '../../plan/notebook-policy/document/explain.ts';
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
import { UserError } from '../../runtime/user-error.ts';
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
}

/** Adds `policy`: prints IAM documents, one per link. */
export function addPolicyCommand(program: Command): void {
  const command = program
    .command('policy')
    .description('print the IAM policy that spec.notebookAccess would enforce; asks AWS nothing');
  addQuestionOptions(command).action(async (options: QuestionOptions) => {
    for (const link of await loadLinks(options)) {
      const { document, warnings } = documentOf(enforcedPolicy(questionOf(link, options)));
      process.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
      const example =
        options.account === undefined
          ? [`the ARNs have the example account ${exampleAccount}: give yours with --account`]
          : [];
      for (const warning of [...example, ...warnings]) {
        process.stderr.write(`warning: ${warning}\n`);
      }
    }
  });
}

/** Adds `explain-access`. Exit code 0: not denied, 3: denied, 1: the question has no answer. */
export function addExplainAccessCommand(program: Command, setExitCode: SetExitCode): void {
  const command = program
    .command('explain-access')
    .description('say whether spec.notebookAccess would deny a request, and by which clause')
    .option('--source-ip <address>', 'public address, over the internet', address)
    .option('--vpce <id or name>', 'through this endpoint: an id, or a name given by --endpoint')
    .option('--vpc-source-ip <address>', 'address inside the VPC, with --vpce', address)
    .option('--via-service', 'made by an AWS service on behalf of somebody')
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
      '\nExit code: 0 not denied, 3 denied (of several links: by any of them), 1 no answer.',
    );
  addQuestionOptions(command).action(async (options: ExplainOptions) => {
    const links = await loadLinks(options);
    const explanations = links.map((link) => explain(link, options));
    for (const one of explanations) printExplanation(one, options);
    setExitCode(explanations.some(({ decision }) => decision === 'Denied') ? 3 : 0);
  });
}

function addQuestionOptions(command: Command): Command {
  return addLinkInputOptions(command)
    .option(
      '--endpoint <name=id>',
      'an endpoint as it is at AWS, such as api=vpce-0a1b2c3d4e5f67890; may be repeated',
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

function address(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError('must be an IPv4 or IPv6 address');
}

/** AWS's own example; nobody has it. */
const exampleAccount = '111122223333';

function accountInArn(resource: string | undefined): string | undefined {
  return /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource ?? '')?.[1];
}

function questionOf(
  link: StandaloneLink,
  options: QuestionOptions & Pick<ExplainOptions, 'resource'>,
): NotebookQuestion {
  const partition = partitionOfRegion(link.spec.region);
  const { account = accountInArn(options.resource) ?? exampleAccount } = options;
  return { link, partition, account, endpointIds: options.endpoint };
}

function documentOf(policy: EnforcedPolicy): Extract<EnforcedPolicy, { kind: 'Document' }> {
  if (policy.kind === 'None') throw new UserError(policy.message);
  return policy;
}

interface LinkExplanation extends AccessExplanation {
  readonly link: string;
}

function explain(link: StandaloneLink, options: ExplainOptions): LinkExplanation {
  const question = questionOf(link, options);
  const { document } = documentOf(enforcedPolicy(question));
  return { link: link.name, ...answer(question, document, requestOf(options)) };
}

function printExplanation(explanation: LinkExplanation, { output }: ExplainOptions): void {
  const text =
    output === 'json' ? JSON.stringify(explanation, undefined, 2) : explanation.lines.join('\n');
  process.stdout.write(`${text}\n`);
}

function answer(
  ...[question, document, request]: Parameters<typeof explainRequest>
): ReturnType<typeof explainRequest> {
  try {
    return explainRequest(question, document, request);
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
