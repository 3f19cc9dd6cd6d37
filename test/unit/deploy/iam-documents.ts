import { readFileSync } from 'node:fs';

/** One statement of a policy document, as shipped: only the fields that ours use. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Condition?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
}

export interface Policy {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

/** What an administrator fills into the placeholders of `deploy/iam`. */
export interface Placeholders {
  readonly PARTITION: string;
  readonly REGION: string;
  /** What the region's endpoint service names begin with. */
  readonly SERVICE_PREFIX: string;
  readonly ACCOUNT_ID: string;
  readonly CLUSTER_ID: string;
  readonly CLUSTER_NAME: string;
  readonly OIDC_PROVIDER: string;
  readonly OPERATOR_ROLE: string;
  readonly NOTEBOOK_PRINCIPALS: string;
  /** Names of the policies that this cluster makes and attaches. */
  readonly NOTEBOOK_POLICIES: string;
  /** Another account, the role there, and the name that links use for it. */
  readonly TARGET_ACCOUNT_ID: string;
  readonly TARGET_ROLE: string;
  readonly ACCOUNT_NAME: string;
  /** The VPC of links with private DNS. */
  readonly VPC_ID: string;
  /** The name of the queue of drift events, and of the rule that fills it. */
  readonly DRIFT_EVENTS_QUEUE: string;
}

export const ireland: Placeholders = {
  PARTITION: 'aws',
  REGION: 'eu-west-1',
  SERVICE_PREFIX: 'com.amazonaws',
  ACCOUNT_ID: '111122223333',
  CLUSTER_ID: '2f4f0f9e-6a4b-4c3a-9d0f-0d6e3b1a7c55',
  CLUSTER_NAME: 'prod',
  OIDC_PROVIDER: 'oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE',
  OPERATOR_ROLE: 'sagemaker-privatelink-operator',
  NOTEBOOK_PRINCIPALS: 'DataScien*',
  NOTEBOOK_POLICIES: '*',
  TARGET_ACCOUNT_ID: '444455556666',
  TARGET_ROLE: 'sagemaker-privatelink-links',
  ACCOUNT_NAME: 'ml-prod',
  VPC_ID: 'vpc-0a1b2c3d4e5f67890',
  DRIFT_EVENTS_QUEUE: 'sagemaker-privatelink-drift-events',
};

export const beijing: Placeholders = {
  ...ireland,
  PARTITION: 'aws-cn',
  REGION: 'cn-north-1',
  SERVICE_PREFIX: 'cn.com.amazonaws',
};

/** The text of a file of `deploy/iam` as it is shipped. */
export function shippedText(file: string): string {
  return readFileSync(new URL(`../../../deploy/iam/${file}`, import.meta.url), 'utf8');
}

/** A file of `deploy/iam` with its placeholders filled in, as `envsubst` does. */
export function policyFor(file: string, values: Placeholders): Policy {
  const text = shippedText(file).replaceAll(/\$\{([A-Z_]+)\}/g, (placeholder, name: string) => {
    const value = (values as unknown as Record<string, string>)[name];
    if (value === undefined) {
      throw new Error(`${file} has the unknown placeholder ${placeholder}`);
    }
    return value;
  });
  return JSON.parse(text) as Policy;
}

/** A policy field that may be one text or a list, as a list. */
export function listOf(field: string | readonly string[] | undefined): readonly string[] {
  return typeof field === 'string' ? [field] : (field ?? []);
}
