/** Answers about notebook access before anything is applied. Pure. */
import { opensNotebooks } from '../plan/notebook-access/actions.ts';
import {
  exampleResource,
  iamActionsOf,
  notebookActionOf,
} from '../plan/notebook-access/actions.ts';
import { notebookPolicy, sageMakerArnPrefix } from '../plan/notebook-access/documents.ts';
import type { AccessRequest } from '../plan/notebook-access/evaluate.ts';
import { type AccessExplanation, explainAccess } from '../plan/notebook-access/explain.ts';
import { accessWarnings } from '../plan/notebook-access/warnings.ts';
import type { PolicyDocument } from '../plan/facts.ts';
import type { StandaloneLink } from './link-files.ts';

/** What a question is about. */
export interface NotebookQuestion {
  readonly link: StandaloneLink;
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
        warnings: accessWarnings(access, endpoints),
      };
    case 'Pending':
      return { kind: 'None', message: `${policy.message} Give ids with --endpoint api=vpce-...` };
    case 'Refused':
      return { kind: 'None', message: policy.problems.map(({ message }) => message).join('\n') };
  }
}

/** A request, as far as the asker knows it. */
export type AskedRequest = Omit<AccessRequest, 'action' | 'resource'> &
  Partial<Pick<AccessRequest, 'action' | 'resource'>>;

/**
 * Whether the document denies a request and why.
 *
 * @throws RangeError for an action that the link does not restrict
 */
export function explainRequest(
  question: NotebookQuestion,
  document: PolicyDocument,
  asked: AskedRequest,
): AccessExplanation {
  const actions = iamActionsOf(question.link.spec.notebookAccess?.actions ?? []);
  const action = asked.action ?? actions[0];
  const known = action === undefined ? undefined : notebookActionOf(action);
  if (action === undefined || known === undefined || !actions.includes(action)) {
    throw new RangeError(
      `${action ?? 'the action'} is not restricted by ${question.link.name}, which restricts ${actions.join(', ')}`,
    );
  }
  const { partition, account, link } = question;
  const names = link.spec.notebookAccess?.notebookInstances;
  const scope = sageMakerArnPrefix({ partition, account, region: link.spec.region });
  const named = known === 'NotebookInstances' ? names?.[0] : undefined;
  const resource =
    asked.resource ??
    (named === undefined ? exampleResource(known, scope) : `${scope}notebook-instance/${named}`);
  return explainAccess(document, { ...asked, action, resource });
}
