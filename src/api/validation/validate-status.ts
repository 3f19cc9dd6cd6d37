import { schema } from '../generated/sagemaker-private-link-schema.ts';
import type { SageMakerPrivateLinkStatus } from '../sagemaker-private-link.ts';
import { rootNode, withDescendants } from './nodes.ts';
import { checkSchema } from './schema-checks.ts';
import type { StructuralSchema } from './structural-schema.ts';
import type { Violation } from './violation.ts';

/** An object with a status alone, so that paths of violations begin with `status`. */
const statusSchema: StructuralSchema = {
  type: 'object',
  properties: { status: schema.properties?.['status'] ?? {} },
};

/**
 * Whether a value has the form of a status. A status in a file may come from another version, or
 * from a person: fields that are not known are no violation.
 */
export function validateStatus(value: unknown): {
  /** Of the right form if and only if there are no violations. */
  readonly status: SageMakerPrivateLinkStatus;
  readonly violations: readonly Violation[];
} {
  const nodes = [...withDescendants(rootNode(statusSchema, { status: value }, undefined))];
  return {
    status: value as SageMakerPrivateLinkStatus,
    violations: nodes.flatMap((node) => [...checkSchema(node)]),
  };
}
