import { schema } from '../generated/sagemaker-private-link-schema.ts';
import { apiVersion, kind, type SageMakerPrivateLink } from '../sagemaker-private-link.ts';
import { applyDefaults } from './defaults.ts';
import { isObject, type JsonObject } from './json-value.ts';
import { type Node, rootNode, withDescendants } from './nodes.ts';
import { checkMetadata } from './object-metadata.ts';
import { RuleEvaluator } from './rules.ts';
import { checkSchema, checkSet } from './schema-checks.ts';
import { findUnknownFields } from './unknown-fields.ts';
import { invalid, unknownField, type Violation, wholeObject } from './violation.ts';

/** A link as it was written, before anything is known about it but that it is one. */
export type LinkSpecification = Pick<SageMakerPrivateLink, 'apiVersion' | 'kind' | 'spec'> & {
  readonly metadata: Partial<SageMakerPrivateLink['metadata']> &
    Pick<SageMakerPrivateLink['metadata'], 'name'>;
};

export interface ValidatedLink {
  /** With defaults and without status; what the API server would store if there are no violations. */
  readonly link: LinkSpecification;
  readonly violations: readonly Violation[];
}

/**
 * Decides about a link as the API server does with the CRD, and in the same words: unknown fields,
 * then defaults, the structural schema, duplicates in sets, and the CEL rules. With `old`, as for
 * an update of that object: immutable fields are checked, and what did not change may stay.
 */
export function validateLink(object: unknown, options: { old?: unknown } = {}): ValidatedLink {
  const written = isObject(object) ? object : {};
  const link = withDefaults(written);
  // The copy has the shape of a link if and only if there are no violations.
  const result = (violations: readonly Violation[]): ValidatedLink => ({
    link: link as unknown as LinkSpecification,
    violations,
  });

  const unknown = findUnknownFields(schema, written);
  if (unknown.length > 0) return result(unknown.map(unknownField));
  const wrongKind = [...checkKind(written)];
  if (wrongKind.length > 0) return result(wrongKind);
  const old = isObject(options.old) ? withDefaults(options.old) : undefined;
  return result(checkAgainstSchema(rootNode(schema, link, old)));
}

/** The status is not the user's to write: it is dropped, as the API server does. */
function withDefaults(written: JsonObject): JsonObject {
  const defaulted = applyDefaults(schema, written) as JsonObject;
  return Object.fromEntries(Object.entries(defaulted).filter(([key]) => key !== 'status'));
}

function checkAgainstSchema(root: Node): readonly Violation[] {
  const nodes = [...withDescendants(root)];
  const changed = nodes.filter((node) => !node.unchanged);
  const found = [
    ...checkMetadata(root.value),
    ...changed.flatMap((node) => [...checkSchema(node)]),
    ...changed.flatMap((node) => [...checkSet(node)]),
  ];
  if (found.some((violation) => violation.blocksRules)) return [...found, rulesNotChecked];
  const rules = new RuleEvaluator();
  return [...found, ...nodes.flatMap((node) => [...rules.check(node)])];
}

/** Stands for no place of the object: what reports places has to leave its own out. */
export const rulesNotChecked = invalid(
  wholeObject,
  null,
  'some validation rules were not checked because the object was invalid; ' +
    'correct the existing errors to complete validation',
);

function* checkKind(written: JsonObject): Generator<Violation> {
  if (written['kind'] !== kind) yield invalid('kind', written['kind'] ?? '', `must be ${kind}`);
  if (written['apiVersion'] !== apiVersion) {
    yield invalid('apiVersion', written['apiVersion'] ?? '', `must be ${apiVersion}`);
  }
}
