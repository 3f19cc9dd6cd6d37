import { isObject } from './json-value.ts';
import { invalid, required, type Violation } from './violation.ts';

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain = `${label}(\\.${label})*`;
const subdomainMessage =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', " +
  "and must start and end with an alphanumeric character (e.g. 'example.com', regex used for " +
  `validation is '${subdomain}')`;

/** The errors that the API server finds in an object's name, whatever its kind. */
export function* checkName(object: unknown): Generator<Violation> {
  const metadata = isObject(object) ? object['metadata'] : undefined;
  const name = isObject(metadata) ? metadata['name'] : undefined;
  const path = 'metadata.name';
  if (name === undefined || name === null || name === '') {
    yield required(path, 'name or generateName is required');
  } else if (typeof name === 'string') {
    if (name.length > 253) yield invalid(path, name, 'must be no more than 253 bytes');
    if (!new RegExp(`^${subdomain}$`).test(name)) yield invalid(path, name, subdomainMessage);
  }
}
