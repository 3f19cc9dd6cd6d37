import { ownershipTags } from '../../../src/plan/ownership/ownership.ts';
import type { Authorization } from './authorize.ts';
import type { Placeholders } from './iam-documents.ts';
import {
  type Call,
  type NotebookAccessKind,
  requestedCluster,
  resourceCluster,
} from './operator-calls.ts';

/** Builds the questions that IAM asks, as its service authorization reference lists them. */
export class IamQuestions {
  readonly account: string;
  /** A notebook policy of this operator's. */
  readonly ours: string;
  readonly #cluster: string;
  readonly #partition: string;

  constructor({ ACCOUNT_ID, CLUSTER_ID, PARTITION }: Placeholders) {
    this.account = `arn:${PARTITION}:iam::${ACCOUNT_ID}`;
    this.ours = `${this.account}:policy/sagemaker-privatelink/ml-prod`;
    this.#cluster = CLUSTER_ID;
    this.#partition = PARTITION;
  }

  ask(action: string, resource: string, context: Authorization['context'] = {}): Authorization {
    return { action: `iam:${action}`, resource, context };
  }

  /** A question about a policy that carries the cluster's tag. */
  change(action: string, keys: readonly string[] = []): Authorization {
    const named = keys.length === 0 ? {} : { 'aws:TagKeys': keys };
    return this.ask(action, this.ours, { [resourceCluster]: this.#cluster, ...named });
  }

  withTags(cluster: string, keys: readonly string[]): Authorization['context'] {
    return { [requestedCluster]: cluster, 'aws:TagKeys': keys };
  }

  attachment(verb: 'Attach' | 'Detach', policyArn = this.ours): Authorization[] {
    const context = { 'iam:PolicyARN': policyArn };
    return [
      this.ask(`${verb}RolePolicy`, `${this.account}:role/DataScience-Lead`, context),
      this.ask(`${verb}UserPolicy`, `${this.account}:user/DataScience-Ann`, context),
      this.ask(`${verb}GroupPolicy`, `${this.account}:group/DataScience`, context),
      this.ask(`${verb}RolePolicy`, `${this.account}:role/ml/eu/DataScientist`, context),
      this.ask(`${verb}UserPolicy`, `${this.account}:user/ml/DataScientist-Ann`, context),
      this.ask(`${verb}GroupPolicy`, `${this.account}:group/ml/DataScientists`, context),
    ];
  }

  creation(cluster: string, resource = this.ours): Call {
    const context = this.withTags(cluster, Object.values(ownershipTags));
    return ['CreatePolicy', 'TagPolicy'].map((action) => this.ask(action, resource, context));
  }

  /** What it takes to read one managed policy with its document and its attachments. */
  reading(arn: string): Call {
    return ['GetPolicy', 'GetPolicyVersion', 'ListEntitiesForPolicy'].map((action) =>
      this.ask(action, arn),
    );
  }

  principalPolicies(): Call {
    const resources = {
      Role: `${this.account}:role/DataScience-Lead`,
      User: `${this.account}:user/DataScience-Ann`,
      Group: `${this.account}:group/DataScience`,
    };
    const theirs = Object.entries(resources).flatMap(([word, resource]) =>
      [`ListAttached${word}Policies`, `List${word}Policies`, `Get${word}Policy`].map((action) =>
        this.ask(action, resource),
      ),
    );
    const managed = [`${this.#partition}:iam::aws`, `${this.account.slice(4)}`].flatMap((account) =>
      ['GetPolicy', 'GetPolicyVersion'].map((action) =>
        this.ask(action, `arn:${account}:policy/AmazonSageMakerFullAccess`),
      ),
    );
    const boundaries = [this.ask('GetRole', resources.Role), this.ask('GetUser', resources.User)];
    return [...theirs, ...boundaries, ...managed, this.ask('ListGroupsForUser', resources.User)];
  }
}

/** What each look and each action at IAM asks of IAM. */
export function notebookAccessCalls(
  values: Placeholders,
): Readonly<Record<NotebookAccessKind, readonly Call[]>> {
  const iam = new IamQuestions(values);
  return {
    PolicyNames: [[iam.ask('ListPolicies', '*')]],
    ManagedPolicy: [iam.reading(iam.ours)],
    PoliciesByARN: [iam.reading(iam.ours)],
    PolicyVersions: [[...iam.reading(iam.ours), iam.ask('ListPolicyVersions', iam.ours)]],
    PolicyBoundaryUses: [[iam.ask('ListEntitiesForPolicy', iam.ours)]],
    PrincipalPolicies: [iam.principalPolicies()],
    CreatePolicy: [
      iam.creation(values.CLUSTER_ID),
      // The name is taken: by whom?
      [iam.ask('ListPolicies', '*'), ...iam.reading(`${iam.account}:policy/elsewhere/ml-prod`)],
    ],
    CreatePolicyVersion: [[iam.change('CreatePolicyVersion')]],
    SetDefaultPolicyVersion: [[iam.change('SetDefaultPolicyVersion')]],
    DeletePolicyVersion: [[iam.change('DeletePolicyVersion')]],
    DeletePolicy: [[iam.change('DeletePolicy')]],
    AttachPolicy: iam.attachment('Attach').map((question) => [question]),
    DetachPolicy: iam.attachment('Detach').map((question) => [question]),
    TagPolicy: [[iam.change('TagPolicy', ['team'])]],
    UntagPolicy: [
      [iam.change('UntagPolicy', ['team'])],
      // With `deletionPolicy: Retain` the policy that stays has no owner any more.
      [iam.change('UntagPolicy', Object.values(ownershipTags))],
    ],
  };
}
