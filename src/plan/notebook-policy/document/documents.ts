/** The policy document that a link's `spec.notebookAccess` asks for. */
import type { NotebookAccessSpec } from '../../../api/sagemaker-private-link.ts';
import type { PolicyDocument } from '../../facts.ts';
import type { Problem } from '../../findings.ts';
import { iamActionsOf } from './actions.ts';
import { isPrivateCidr } from './cidr-set.ts';
import { canonicalCidr } from '../../network/cidr.ts';
import type { Clause } from './clauses.ts';
import { documentText, limitExceeded, policySize } from './limits.ts';
import { renderDocument } from './render-document.ts';

export interface NotebookPolicyInput {
  readonly access: NotebookAccessSpec;
  /** `aws`, `aws-cn`, `aws-us-gov`, ...: the second field of an ARN. */
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  /**
   * Ids of the link's own endpoints through which notebooks are opened (`opensNotebooks`), all that
   * exist: while one is replaced, the old and the new one.
   */
  readonly endpointIds: readonly string[];
}

export type NotebookPolicy =
  | {
      readonly kind: 'Document';
      readonly document: PolicyDocument;
      /** As it is sent to IAM; the same input in any order gives the same text. */
      readonly text: string;
      /** In characters, as IAM counts; at most `maxPolicyCharacters`. */
      readonly size: number;
    }
  /**
   * The own endpoints are all that is allowed, and there is none yet. No document can say that: it
   * would lock everybody out. The policy in force stays, and nobody is attached, until there
   * is one.
   */
  | { readonly kind: 'Pending'; readonly message: string }
  | { readonly kind: 'Refused'; readonly problems: readonly Problem[] };

/** The document for these endpoints, or why there is none (yet). Everything wrong is named. */
export function notebookPolicy(input: NotebookPolicyInput): NotebookPolicy {
  const { access } = input;
  const mistakes = mistakesIn(access);
  if (mistakes.length > 0) return refused(mistakes);
  const publicCidrs = access.allowedCIDRs ?? [];
  const endpointIds = allowedEndpointIds(input);
  if (publicCidrs.length === 0 && endpointIds.length === 0) {
    return {
      kind: 'Pending',
      message:
        'Only this link’s own endpoints are allowed and none exists yet. The policy is made when the first one does.',
    };
  }
  const document = renderDocument(clausesOf(input, endpointIds));
  const text = documentText(document);
  const excess = limitExceeded(text);
  if (excess !== undefined) {
    return refused([
      `The policy of spec.notebookAccess is not made: ${excess}. Use fewer or larger blocks in allowedCIDRs and allowedPrivateCIDRs, or fewer additionalEndpointIds and notebookInstances; a restriction can't be split into two policies, because each would deny what only the other one allows.`,
    ]);
  }
  return { kind: 'Document', document, text, size: policySize(text) };
}

/** Beginning of the ARNs of SageMaker in one region of one account. */
export function sageMakerArnPrefix(
  scope: Pick<NotebookPolicyInput, 'partition' | 'account' | 'region'>,
): string {
  return `arn:${scope.partition}:sagemaker:${scope.region}:${scope.account}:`;
}

function clausesOf(input: NotebookPolicyInput, endpointIds: readonly string[]): readonly Clause[] {
  const { access } = input;
  const privateCidrs = access.allowedPrivateCIDRs ?? [];
  return coverageOf(input).flatMap((covered): readonly Clause[] => [
    {
      kind: 'OutsideNetworks',
      ...covered,
      publicCidrs: access.allowedCIDRs ?? [],
      endpointIds,
    },
    // A link that allows public addresses as well has no endpoint yet when its policy is made.
    ...(privateCidrs.length === 0 || endpointIds.length === 0
      ? []
      : [{ kind: 'OutsidePrivateAddresses', ...covered, endpointIds, privateCidrs } as const]),
  ]);
}

function allowedEndpointIds({ access, endpointIds }: NotebookPolicyInput): readonly string[] {
  return [...(access.allowEndpoints ? endpointIds : []), ...(access.additionalEndpointIds ?? [])];
}

/**
 * Which actions on which resources. Never `Resource: "*"`: a principal that works in two regions
 * would be held to the endpoints of this region in the other one too, and with a link in each
 * nobody could pass. Names narrow the notebook instances only; whatever else is selected stays
 * covered as a whole, in a statement of its own.
 */
function coverageOf(
  input: NotebookPolicyInput,
): readonly { readonly actions: readonly string[]; readonly resources: readonly string[] }[] {
  const { actions, notebookInstances } = input.access;
  const prefix = sageMakerArnPrefix(input);
  if (notebookInstances === undefined || notebookInstances.length === 0) {
    return [{ actions: iamActionsOf(actions), resources: [`${prefix}*`] }];
  }
  const others = actions.filter((action) => action !== 'NotebookInstances');
  return [
    {
      actions: iamActionsOf(['NotebookInstances']),
      resources: notebookInstances.flatMap((name) => notebookInstanceArns(prefix, name)),
    },
    ...(others.length === 0 ? [] : [{ actions: iamActionsOf(others), resources: [`${prefix}*`] }]),
  ];
}

/**
 * SageMaker writes the names in its ARNs in lower case, and IAM compares ARNs with regard to case.
 * Which form a request has is not documented for every path, so both are listed.
 */
function notebookInstanceArns(prefix: string, name: string): readonly string[] {
  return [...new Set([name, name.toLowerCase()])].map(
    (form) => `${prefix}notebook-instance/${form}`,
  );
}

/** Mistakes that the schema refuses as well, for documents that never passed an API server. */
function mistakesIn(access: NotebookAccessSpec): readonly string[] {
  const { allowedCIDRs = [], allowedPrivateCIDRs = [], additionalEndpointIds = [] } = access;
  const hasEndpoints = access.allowEndpoints || additionalEndpointIds.length > 0;
  const names = access.notebookInstances ?? [];
  return [
    ...badCidrs('allowedCIDRs', allowedCIDRs),
    ...badCidrs('allowedPrivateCIDRs', allowedPrivateCIDRs),
    ...allowedCIDRs
      .filter((cidr) => canonicalCidr(cidr) !== undefined && isPrivateCidr(cidr))
      .map(
        (cidr) =>
          `spec.notebookAccess.allowedCIDRs has ${cidr}, a private range, which AWS never sees as the source of a request from the internet. To allow private addresses over the endpoints use allowedPrivateCIDRs.`,
      ),
    ...(allowedCIDRs.length === 0 && !hasEndpoints
      ? [
          'spec.notebookAccess allows nothing, so everybody would be locked out. Give allowedCIDRs or additionalEndpointIds, or set allowEndpoints: true.',
        ]
      : []),
    ...(allowedPrivateCIDRs.length > 0 && !hasEndpoints
      ? [
          'spec.notebookAccess.allowedPrivateCIDRs narrows the path over endpoints, and no endpoint is allowed. Set allowEndpoints: true, give additionalEndpointIds, or remove it.',
        ]
      : []),
    ...(access.actions.length === 0
      ? ['spec.notebookAccess.actions is empty. Give at least NotebookInstances.']
      : []),
    ...(names.length > 0 && !access.actions.includes('NotebookInstances')
      ? [
          'spec.notebookAccess.notebookInstances needs NotebookInstances in actions. Add it, or remove notebookInstances.',
        ]
      : []),
  ];
}

function badCidrs(field: string, cidrs: readonly string[]): readonly string[] {
  return cidrs
    .filter((cidr) => canonicalCidr(cidr) === undefined)
    .map(
      (cidr) =>
        `spec.notebookAccess.${field} has ${JSON.stringify(cidr)}, which is no block of addresses in CIDR form, such as 203.0.113.0/24.`,
    );
}

function refused(messages: readonly string[]): NotebookPolicy {
  return {
    kind: 'Refused',
    problems: messages.map((message) => ({
      subject: 'NotebookAccessEnforced',
      reason: 'InvalidSpec',
      severity: 'stalled',
      message,
    })),
  };
}
