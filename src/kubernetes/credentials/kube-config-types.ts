/** The types of a kubeconfig's fields, as kubectl has them (client-go, clientcmd/api/v1/types.go). */
import { KubeConfigError } from './kube-config-error.ts';

type Type = 'string' | 'boolean' | ListType | ValuesType | ObjectType;

interface ListType {
  readonly of: Type;
}

/** An object whose names are the author's. */
interface ValuesType {
  readonly values: Type;
}

interface ObjectType {
  readonly fields: Readonly<Record<string, Type>>;
}

const strings: ListType = { of: 'string' };

function texts(...names: readonly string[]): Record<string, Type> {
  return Object.fromEntries(names.map((name) => [name, 'string']));
}

const exec: ObjectType = {
  fields: {
    ...texts('command', 'apiVersion', 'installHint', 'interactiveMode'),
    args: strings,
    env: { of: { fields: texts('name', 'value') } },
    provideClusterInfo: 'boolean',
  },
};

/** The fields of clusters, contexts and users. Fields that kubectl does not know are passed over. */
const parts = {
  cluster: {
    fields: {
      ...texts('server', 'tls-server-name', 'proxy-url'),
      ...texts('certificate-authority', 'certificate-authority-data'),
      'insecure-skip-tls-verify': 'boolean',
      'disable-compression': 'boolean',
    },
  },
  context: { fields: texts('cluster', 'user', 'namespace') },
  user: {
    fields: {
      ...texts('client-certificate', 'client-certificate-data', 'client-key', 'client-key-data'),
      ...texts('token', 'tokenFile', 'username', 'password', 'as', 'as-uid'),
      'as-groups': strings,
      'as-user-extra': { values: strings },
      'auth-provider': { fields: { name: 'string', config: { values: 'string' } } },
      exec,
    },
  },
} satisfies Readonly<Record<string, ObjectType>>;

/** The parts of a kubeconfig that have a name. */
export type NamedPart = keyof typeof parts;

/**
 * A field of another type is a mistake, and never taken for one that is not there: without its `as`
 * a user would act as somebody else.
 *
 * @throws KubeConfigError that names the field, and not its value, which may be a secret
 */
export function checkTypes(part: NamedPart, value: unknown, place: string): void {
  check(value, parts[part], place);
}

function check(value: unknown, type: Type, place: string): void {
  if (value === undefined || value === null) return;
  if (type === 'string')
    return refuseUnless(typeof value === 'string', `${place} is not a string; quote it`);
  if (type === 'boolean')
    return refuseUnless(typeof value === 'boolean', `${place} is not true or false`);
  if ('of' in type) return checkList(value, type, place);
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new KubeConfigError(`${place} is not an object`);
  }
  for (const [name, one] of Object.entries(value)) {
    const known = 'values' in type ? type.values : type.fields[name];
    if (known !== undefined) check(one, known, `${place}.${name}`);
  }
}

function checkList(value: unknown, { of }: ListType, place: string): void {
  if (!Array.isArray(value)) {
    throw new KubeConfigError(`${place} is not a list${of === 'string' ? ' of strings' : ''}`);
  }
  for (const [index, element] of value.entries()) check(element, of, `${place}[${index}]`);
}

function refuseUnless(isRight: boolean, complaint: string): void {
  if (!isRight) throw new KubeConfigError(complaint);
}
