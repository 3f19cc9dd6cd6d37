import { AwsError } from '../protocol/error.ts';
import type { Form } from '../protocol/form.ts';
import type { JsonObject } from '../protocol/json-object.ts';
import type { ParameterModel } from '../protocol/service-model.ts';

/**
 * An input of JSON as the form that constraints are checked on. Members that the model does not
 * have are left out, as AWS's JSON services pass over them.
 *
 * @throws AwsError for a value that is not of the type of the model
 */
export function formOfInput(input: JsonObject, model: ParameterModel | undefined): Form {
  if (typeof model !== 'object' || !('members' in model)) return {};
  const entries = Object.entries(model.members).flatMap(([name, member]): [string, string][] => {
    const value = input[name];
    if (value === undefined || value === null) return [];
    const type = typeof member === 'string' ? member : 'type' in member ? member.type : 'string';
    const wanted = type === 'string' ? 'string' : 'number';
    if (typeof value === 'string' && wanted === 'string') return [[name, value]];
    if (typeof value === 'number' && wanted === 'number') return [[name, String(value)]];
    throw notSerialized(name, type);
  });
  return Object.fromEntries(entries);
}

function notSerialized(name: string, type: string): AwsError {
  return new AwsError('SerializationException', `The value of ${name} is not of the type ${type}.`);
}
