import type { Form } from './form.ts';

/** AWS's own model of a service's requests (generated from botocore). */
export interface ServiceModel {
  /** Versions of the API that AWS has published; the last one is simulated. */
  readonly versions: readonly string[];
  /** The parameters of the actions that are simulated, by their names on the wire. */
  readonly actions: Readonly<Record<string, ParameterModel>>;
  /** Names of filters by action, as AWS's reference lists them; `tag` stands for `tag:<key>`. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** Actions that AWS has and the simulator has not. */
  readonly otherActions: readonly string[];
}

type TypeName =
  | 'string'
  | 'integer'
  | 'long'
  | 'boolean'
  | 'timestamp'
  | 'blob'
  | 'double'
  | 'float';

/** Bounds of a number, of the length of a text, or of the length of a list. */
interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** A single value, with what the model says of it beyond its type. */
export interface ValueModel extends Bounds {
  readonly type: TypeName;
  readonly enum?: readonly string[];
  /** A regular expression in Java's spelling, for the whole text. */
  readonly pattern?: string;
}

export interface ListModel extends Bounds {
  readonly list: ParameterModel;
  /** Stands between the name of the list and the numbers of its elements: `Tags.member.1`. */
  readonly wrapper?: string;
}

export interface StructureModel {
  readonly members: Readonly<Record<string, ParameterModel>>;
  readonly required?: readonly string[];
}

/** A parameter: a single value of some type, a list, or a structure. */
export type ParameterModel = TypeName | ValueModel | ListModel | StructureModel;

/**
 * The dotted names of the parameters in a request, without the numbers of lists:
 * `IpPermissions.Groups.UserId`. Each is said to be known to the model or not.
 */
export function parametersIn(
  form: Form,
  model: ParameterModel,
): readonly { readonly name: string; readonly shown: string; readonly isKnown: boolean }[] {
  return Object.entries(form).flatMap(([key, value]) => {
    const isList = isListModel(model);
    const isWrapper = isList && model.wrapper === key && typeof value === 'object';
    const isElement = isList && model.wrapper === undefined && /^\d+$/.test(key);
    const inner = isElement ? model.list : isWrapper ? unwrapped(model) : memberOf(model, key);
    if (inner === undefined || (typeof value === 'string' && !canBeText(inner, value))) {
      return [{ name: key, shown: key, isKnown: false }];
    }
    const nested = typeof value === 'string' ? [] : parametersIn(value, inner);
    const here = typeof value === 'string' ? [{ name: '', shown: '', isKnown: true }] : nested;
    return here.map(({ name, shown, isKnown }) => ({
      name: joined(isElement || isWrapper ? '' : key, name),
      shown: joined(key, shown),
      isKnown,
    }));
  });
}

function unwrapped(list: ListModel): ListModel {
  const { wrapper: _, ...inner } = list;
  return inner;
}

/** Lists and structures have parts; SDKs write a list of nothing as an empty text. */
function canBeText(model: ParameterModel, text: string): boolean {
  return isListModel(model) ? text === '' : typeof model !== 'object' || !('members' in model);
}

function isListModel(model: ParameterModel): model is ListModel {
  return typeof model === 'object' && 'list' in model;
}

function memberOf(model: ParameterModel, name: string): ParameterModel | undefined {
  if (typeof model !== 'object' || !('members' in model)) return undefined;
  return Object.hasOwn(model.members, name) ? model.members[name] : undefined;
}

function joined(head: string, tail: string): string {
  return head === '' || tail === '' ? head + tail : `${head}.${tail}`;
}
