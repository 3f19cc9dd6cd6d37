import { isJsonObject } from '../protocol/json-object.ts';
import { partitionModels } from '../protocol/generated/partition-models.ts';
import { syntaxFault } from './faults.ts';

const partitions = partitionModels.map(({ id }) => id).join('|');

/** The form of a principal's name, by type (IAM user guide, Principal). */
const forms: Readonly<Record<string, RegExp>> = {
  AWS: new RegExp(
    `^(\\*|\\d{12}|A[A-Z]{3}[A-Z0-9]{12,}|arn:(${partitions}):(iam|sts)::\\d{12}:(root|.+/.+))$`,
  ),
  Service: /^[a-z0-9-]+(\.[a-z0-9-]+)+$/,
  Federated: new RegExp(`^(arn:(${partitions}):iam::\\d{12}:.+/.+|[a-z0-9-]+(\\.[a-z0-9-]+)+)$`),
  CanonicalUser: /^.+$/,
};

/** `*` or an object of lists by type. Undefined is no principal, and no fault here. */
export function principalFault(principal: unknown): string | undefined {
  if (principal === undefined || principal === '*') return undefined;
  if (typeof principal === 'string') return invalidPrincipal('AWS', principal);
  if (!isJsonObject(principal) || Object.keys(principal).length === 0) return syntaxFault;
  for (const [type, value] of Object.entries(principal)) {
    const names = [value].flat();
    const form = Object.hasOwn(forms, type) ? forms[type] : undefined;
    if (form === undefined || names.length === 0) return syntaxFault;
    for (const name of names) {
      if (typeof name !== 'string') return syntaxFault;
      if (!form.test(name)) return invalidPrincipal(type, name);
    }
  }
  return undefined;
}

function invalidPrincipal(type: string, name: string): string {
  return `Invalid principal in policy: "${type}":"${name}"`;
}
