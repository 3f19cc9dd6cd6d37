/** Answers about notebook access before anything is applied. Pure. */
import type { NotebookAction } from '../api/sagemaker-private-link.ts';
import {
  exampleAction,
  exampleResource,
  iamActionsOf,
  notebookActionOf,
  opensNotebooks,
  resourceTypesOf,
} from '../plan/notebook-policy/document/actions.ts';
import { notebookPolicy, sageMakerArnPrefix } from '../plan/notebook-policy/document/documents.ts';
import type { AccessRequest } from '../plan/notebook-policy/document/evaluate.ts';
import { type AccessExplanation, explainAccess } from '../plan/notebook-policy/document/explain.ts';
import { accessWarnings } from '../plan/notebook-policy/document/warnings.ts';
import type { PolicyDocument } from '../plan/facts.ts';
import type { StandaloneLink } from './link-files.ts';

/** The subject of a question. */
export interface NotebookQuestion {
  readonly link: Pick<StandaloneLink, 'name' | 'spec'>;
  readonly partition: string;
  readonly account: string;
  /** Endpoint id by the name that the spec uses: `api`, `notebook`, or a full service name. */
  readonly endpointIds: Readonly<Record<string, string>>;
}

export type EnforcedPolicy =
  | {
      readonly kind: 'Document';
      readonly document: PolicyDocument;
      readonly warnings: readonly string[];
    }
  /** There is nothing to print, and why. */
  | { readonly kind: 'None'; readonly message: string };

/** The document that would be enforced with these endpoints. */
export function enforcedPolicy(question: NotebookQuestion): EnforcedPolicy {
  const { link, partition, account, endpointIds } = question;
  const { notebookAccess: access, region, endpoints } = link.spec;
  if (access === undefined) {
    return {
      kind: 'None',
      message: `${link.name} has no spec.notebookAccess: nothing is restricted.`,
    };
  }
  const unknown = Object.keys(endpointIds).filter(
    (name) => !endpoints.some((entry) => (entry.service ?? entry.serviceName) === name),
  );
  if (unknown.length > 0) {
    const message = `${link.name} has no endpoint ${unknown.join(', ')} in spec.endpoints.`;
    return { kind: 'None', message };
  }
  const ids = endpoints
    .filter(opensNotebooks)
    .flatMap(({ service, serviceName }) => endpointIds[service ?? serviceName ?? ''] ?? []);
  const policy = notebookPolicy({ access, partition, account, region, endpointIds: ids });
  switch (policy.kind) {
    case 'Document':
      return {
        kind: 'Document',
        document: policy.document,
        warnings: [...missingIds(question), ...accessWarnings(access, endpoints)],
      };
    case 'Pending':
      return { kind: 'None', message: `${policy.message} Give ids with --endpoint api=vpce-...` };
    case 'Refused':
      return { kind: 'None', message: policy.problems.map(({ message }) => message).join('\n') };
  }
}

/** The operator lists every endpoint there is; a document without some of them denies more. */
function missingIds(question: NotebookQuestion): readonly string[] {
  const missing =
    question.link.spec.notebookAccess?.allowEndpoints === true ? withoutId(question) : [];
  if (missing.length === 0) return [];
  const flags = missing.map((name) => `--endpoint ${name}=vpce-...`).join(' ');
  return [
    `the document leaves out ${missing.join(', ')}, of which no id is given, and denies what comes through there: add ${flags}`,
  ];
}

/** A request, as far as the asker knows it. */
export type AskedRequest = Omit<AccessRequest, 'action' | 'resource'> &
  Partial<Pick<AccessRequest, 'action' | 'resource'>>;

/**
 * Whether the document denies a request and why. A question that the document does not answer is
 * refused: "not denied" would be taken for an answer.
 *
 * @throws RangeError for an action, a resource or an endpoint that the link says nothing about
 */
export function explainRequest(
  question: NotebookQuestion,
  document: PolicyDocument,
  asked: AskedRequest,
): AccessExplanation {
  const restricted = restrictedAction(question, asked.action);
  const { partition, account, link } = question;
  const scope = sageMakerArnPrefix({ partition, account, region: link.spec.region });
  const names = link.spec.notebookAccess?.notebookInstances;
  const named = restricted.kind === 'NotebookInstances' ? names?.[0] : undefined;
  const any =
    named === undefined
      ? exampleResource(restricted.kind, scope)
      : `${scope}notebook-instance/${named}`;
  if (asked.resource !== undefined) {
    checkResource(asked.resource, restricted, scope);
  }
  checkSource(question, asked);
  const request = { ...asked, action: restricted.name, resource: asked.resource ?? any };
  return explainAccess(document, request);
}

interface RestrictedAction {
  readonly kind: NotebookAction;
  /** IAM's name. */
  readonly name: string;
}

/** The action that is asked about: by IAM's name, with or without the service, or the spec's. */
function restrictedAction({ link }: NotebookQuestion, asked: string | undefined): RestrictedAction {
  const selected = link.spec.notebookAccess?.actions ?? [];
  const [first] = selected;
  if (asked === undefined && first !== undefined) {
    return { kind: first, name: exampleAction(first) };
  }
  const text = asked ?? '';
  const bySpec = selected.find((one) => one.toLowerCase() === text.toLowerCase());
  if (bySpec !== undefined) return { kind: bySpec, name: exampleAction(bySpec) };
  const name = text.includes(':') ? text : `sagemaker:${text}`;
  const kind = notebookActionOf(name);
  if (kind === undefined || !selected.includes(kind)) {
    const add =
      kind === undefined ? '' : `; add ${kind} to spec.notebookAccess.actions to restrict it`;
    throw new RangeError(
      `${text} is not restricted by ${link.name}, which restricts ${iamActionsOf(selected).join(', ')}${add}`,
    );
  }
  return { kind, name };
}

/** `arn:<partition>:<service>:<region>:<account>:<type>/<name>`. */
const arnForm = /^(arn:[^:*?]+:[^:*?]+:[^:*?]*:[^:*?]*:)([^/*?]+)\/[^*?]+$/;

function checkResource(resource: string, { kind, name }: RestrictedAction, scope: string): void {
  const types = resourceTypesOf(kind);
  const example = `${scope}${types[0]}/<name>`;
  const [, prefix, type = ''] = arnForm.exec(resource) ?? [];
  if (prefix === undefined) {
    throw new RangeError(`--resource ${resource} is no ARN of one resource, such as ${example}`);
  }
  if (prefix !== scope) {
    throw new RangeError(
      `--resource ${resource} is none of the resources that the policy is about, ${scope}*: ask with the link of that region, and with --account for another account`,
    );
  }
  if (!types.includes(type)) {
    throw new RangeError(
      `--resource ${resource} is nothing that ${name} is asked for: give ${types.join(' or ')}, such as ${example}`,
    );
  }
}

function checkSource(question: NotebookQuestion, asked: AskedRequest): void {
  const { sourceIp, sourceVpce, viaAWSService } = asked;
  if (sourceIp === undefined && sourceVpce === undefined && viaAWSService !== true) {
    throw new RangeError(
      'no source is given: add --source-ip, or --vpce with or without --vpc-source-ip, or --via-service; or ask about all sources with --matrix',
    );
  }
  checkEndpoint(question, asked);
}

/** An id that is none of those given may be the id of an endpoint of which no id was given. */
function checkEndpoint(question: NotebookQuestion, { sourceVpce }: AskedRequest): void {
  const { link, endpointIds } = question;
  const access = link.spec.notebookAccess;
  if (sourceVpce === undefined || access === undefined || !access.allowEndpoints) return;
  const known = [...Object.values(endpointIds), ...(access.additionalEndpointIds ?? [])];
  const open = withoutId(question);
  if (known.includes(sourceVpce) || open.length === 0) return;
  throw new RangeError(
    `${sourceVpce} may be an endpoint of ${link.name} of which no id is given: add ${open.map((name) => `--endpoint ${name}=vpce-...`).join(' ')}`,
  );
}

/** Names of the endpoints through which notebooks are opened and of which no id was given. */
function withoutId({ link, endpointIds }: NotebookQuestion): readonly string[] {
  return link.spec.endpoints
    .filter(opensNotebooks)
    .map(({ service, serviceName }) => service ?? serviceName ?? '')
    .filter((name) => endpointIds[name] === undefined);
}
