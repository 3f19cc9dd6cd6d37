import { parseAddress, parseNetwork } from '../networks.ts';
import { isJsonObject, type JsonObject } from '../protocol/json-object.ts';
import { legacyFault, syntaxFault, vendorFault } from './faults.ts';

/** The largest number of milliseconds that a date may be, that of a Java long. */
const maxEpoch = 9223372036854775807n;

const comparisons = [
  'Equals',
  'NotEquals',
  'LessThan',
  'LessThanEquals',
  'GreaterThan',
  'GreaterThanEquals',
];

/** Condition operators and what their values are (IAM user guide, "Condition operators"). */
const operators: ReadonlyMap<string, (value: string, operator: string) => string | undefined> =
  new Map([
    ...[
      'StringEquals',
      'StringNotEquals',
      'StringEqualsIgnoreCase',
      'StringNotEqualsIgnoreCase',
      'StringLike',
      'StringNotLike',
      'Bool',
      'BinaryEquals',
      'ArnEquals',
      'ArnLike',
      'ArnNotEquals',
      'ArnNotLike',
      'Null',
      ...comparisons.map((name) => `Numeric${name}`),
    ].map((name) => [name, () => undefined] as const),
    ...comparisons.map((name) => [`Date${name}`, dateFault] as const),
    ['IpAddress', addressFault] as const,
    ['NotIpAddress', addressFault] as const,
  ]);

/** Null asks whether a key is there: it takes no IfExists. */
function checkOf(operator: string) {
  const name = operator.replace(/^(ForAnyValue|ForAllValues):/, '');
  return operators.get(name === 'NullIfExists' ? name : name.replace(/IfExists$/, ''));
}

export function conditionFault(condition: JsonObject): string | undefined {
  for (const [operator, block] of Object.entries(condition)) {
    const fault = blockFault(operator, block);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function blockFault(operator: string, block: unknown): string | undefined {
  const check = checkOf(operator);
  if (check === undefined || !isJsonObject(block)) return syntaxFault;
  for (const [key, value] of Object.entries(block)) {
    const values = [value].flat();
    if (values.length === 0 || !values.every(isScalar)) return syntaxFault;
    // Keys of tags and of web identity providers have slashes, dots and further colons.
    if (!/^[^:]+:.+$/.test(key)) return vendorFault;
    const fault = values.map((scalar) => check(String(scalar), operator)).find(Boolean);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function isScalar(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function addressFault(value: string, operator: string): string | undefined {
  const isAddress = parseAddress(value, 4) !== undefined || parseAddress(value, 6) !== undefined;
  if (isAddress || parseNetwork(value) !== undefined) return undefined;
  return `Invalid IP address ${JSON.stringify(value)} in the condition ${operator}.`;
}

/** A date of ISO 8601, as far as it is given, or milliseconds since the epoch. */
function dateFault(value: string): string | undefined {
  if (/^\d+$/.test(value) && BigInt(value) <= maxEpoch) return undefined;
  const parts = isoDate.exec(value)?.groups;
  if (parts === undefined) return legacyFault;
  const isWithin = dateParts.every(([name, min, max]) => {
    const part = parts[name];
    return part === undefined || (Number(part) >= min && Number(part) <= max);
  });
  return isWithin ? undefined : legacyFault;
}

const isoDate =
  /^-?(?<year>\d{1,9})(-(?<month>\d{1,2})(-(?<day>\d{1,2}))?)?(T((?<hour>\d{1,2})(:(?<minute>\d{1,2})(:(?<second>\d{1,2})(\.\d{1,9})?(Z|[+-](?<zoneHour>\d\d)(:(?<zoneMinute>\d\d))?)?)?)?)?)?$/i;

const dateParts = [
  ['month', 1, 12],
  ['day', 1, 31],
  ['hour', 0, 23],
  ['minute', 0, 59],
  ['second', 0, 59],
  ['zoneHour', 0, 23],
  ['zoneMinute', 0, 59],
] as const;
