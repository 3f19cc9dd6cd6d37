import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { compileRule, createCelEnvironment } from './cel-environment.ts';
import { isObject } from './json-value.ts';
import type { Node } from './nodes.ts';
import type { ValidationRule } from './structural-schema.ts';
import { forbidden, invalid, type Violation, wholeObject } from './violation.ts';

/** Evaluates the CEL rules of a schema. Each rule is compiled once, when it is met first. */
export class RuleEvaluator {
  readonly #environment: Environment = createCelEnvironment();
  readonly #compiled = new Map<string, ParseResult>();

  /** The errors that the rules of one value find in it. */
  *check(node: Node): Generator<Violation> {
    for (const rule of node.schema['x-kubernetes-validations'] ?? []) {
      const isTransition = /\boldSelf\b/.test(rule.rule);
      if (isTransition && node.old === undefined) continue;
      if (!isTransition && node.unchanged) continue;
      if (!this.#holds(rule, node)) yield toViolation(rule, node);
    }
  }

  #holds(rule: ValidationRule, { value, old }: Node): boolean {
    const compiled = this.#compiled.get(rule.rule) ?? compileRule(this.#environment, rule.rule);
    this.#compiled.set(rule.rule, compiled);
    return compiled({ self: toCelValue(value), oldSelf: toCelValue(old) }) === true;
  }
}

function toViolation(rule: ValidationRule, node: Node): Violation {
  const path = `${node.keyPath}${rule.fieldPath ?? ''}` || wholeObject;
  const message = rule.message ?? `failed rule: ${rule.rule}`;
  if (rule.reason === 'FieldValueForbidden') return forbidden(path, message);
  return invalid(path, node.schema.type ?? '', message);
}

/** Maps instead of objects: the CEL package takes an object with a key `constructor` amiss. */
function toCelValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toCelValue);
  if (!isObject(value)) return value;
  return new Map(Object.entries(value).map(([key, field]) => [key, toCelValue(field)]));
}
