/** The links that `verify` looks at, with the status that says where their endpoints are. */
import type {
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import { linkVariable } from '../../api/verification-report.ts';
import { isObject } from '../../api/validation/json-value.ts';
import type { ParsedDocument } from '../../api/validation/parse-links.ts';
import { validateLink } from '../../api/validation/validate-link.ts';
import { linksNamed } from '../links-named.ts';
import { mistakesError } from '../mistakes.ts';
import { UserError } from '../../runtime/user-error.ts';
import { linkDocuments, type LinkFile } from '../../standalone/link-documents.ts';
import { statusFaults } from '../../verify/status-faults.ts';
import type { VerifiableLink } from '../../verify/target.ts';

/** A link by its name. */
export interface LinkToVerify extends VerifiableLink {
  readonly name: string;
  readonly spec: VerifiableLink['spec'] & Pick<SageMakerPrivateLinkSpec, 'clients'>;
}

/**
 * The links of files as `kubectl get -o yaml` prints them.
 *
 * @throws UserError for a file with anything wrong, and for a link without a status
 */
export function linksWithStatus(files: readonly LinkFile[]): readonly LinkToVerify[] {
  const { links } = linkDocuments(files);
  if (links.length > 0) return links.map(linkOf);
  const names = files.map(({ fileName }) => fileName).join(', ');
  throw new UserError(`${names}: no SageMakerPrivateLink found`);
}

function linkOf(document: ParsedDocument): LinkToVerify {
  const { problems, object, fileName, line } = document;
  const { link, violations } = validateLink(object);
  const errors = [
    ...problems,
    ...violations.map(({ path, message }) => `${fileName}:${document.lineOf(path)}: ${message}`),
  ];
  if (errors.length > 0) throw mistakesError(errors);
  const { name } = link.metadata;
  if (name === undefined) throw new UserError(`${fileName}:${line}: the link has no name`);
  const status = isObject(object) ? object['status'] : undefined;
  if (!hasEndpoints(status)) {
    throw new UserError(
      `${fileName}:${line}: ${name} has no status with endpoints, from which the addresses come: write the file with kubectl get sagemakerprivatelink ${name} -o yaml`,
    );
  }
  const faults = statusFaults(status).map(
    ({ path, message }) => `${fileName}:${document.lineOf(path)}: ${name}: ${path}: ${message}`,
  );
  if (faults.length > 0) throw new UserError(faults.join('\n'));
  return { name, spec: link.spec, status };
}

/**
 * The link in the form in which the operator gives it to its pods: JSON with its name, the entries
 * of `spec.endpoints` and the endpoints of the status.
 *
 * @throws UserError for anything else
 */
export function linkInJson(text: string): LinkToVerify {
  const link = jsonIn(text);
  const name = isObject(link) ? link['name'] : undefined;
  const spec = isObject(link) ? link['spec'] : undefined;
  const status = isObject(link) ? link['status'] : undefined;
  const endpoints: unknown = isObject(spec) ? spec['endpoints'] : undefined;
  if (typeof name !== 'string' || !Array.isArray(endpoints) || !endpoints.every(isObject)) {
    throw new UserError(`${linkVariable}: no link with a name and endpoints; ${linkAdvice}`);
  }
  if (!hasEndpoints(status)) {
    throw new UserError(`${linkVariable}: the status of ${name} has no endpoints; ${linkAdvice}`);
  }
  return { name, spec: { endpoints: endpoints as LinkToVerify['spec']['endpoints'] }, status };
}

const linkAdvice = 'to verify by hand, give a file with -f';

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${linkVariable} is not JSON; ${linkAdvice}`);
  }
}

/** A status that somebody wrote by hand must not end in a stack. */
function hasEndpoints(status: unknown): status is SageMakerPrivateLinkStatus {
  if (!isObject(status) || !Array.isArray(status['endpoints'])) return false;
  return status['endpoints'].every((endpoint: unknown) => {
    if (!isObject(endpoint) || typeof endpoint['serviceName'] !== 'string') return false;
    const { url = '', dnsNames = [], networkInterfaces = [] } = endpoint;
    const interfaces: readonly unknown[] = Array.isArray(networkInterfaces)
      ? networkInterfaces
      : [undefined];
    return (
      typeof url === 'string' &&
      Array.isArray(dnsNames) &&
      interfaces.every((one) => isObject(one) && typeof one['zone'] === 'string')
    );
  });
}

/**
 * The links of these names, or all where none is given.
 *
 * @throws UserError for a name that no link has, and where there are no links
 */
export function named(
  links: readonly LinkToVerify[],
  names: readonly string[],
): readonly LinkToVerify[] {
  const found = linksNamed(links, names);
  if (links.length === 0) throw new UserError('there are no links to verify');
  return found;
}

/** @throws UserError for a link whose status has a name or an address that nobody can dial */
export function checkStatus({ name, status }: LinkToVerify): void {
  const faults = statusFaults(status ?? {});
  if (faults.length === 0) return;
  throw new UserError(faults.map(({ path, message }) => `${name}: ${path}: ${message}`).join('\n'));
}

/** @throws UserError for a link whose network policy selects no pod */
export function checkSelected({ name, spec }: LinkToVerify): void {
  const policy = spec.clients?.networkPolicy;
  if (policy === undefined) {
    throw new UserError(`--selected: ${name} has no spec.clients.networkPolicy that could select`);
  }
  if (policy.enforcement === 'Audit') {
    throw new UserError(
      `--selected: ${name} has spec.clients.networkPolicy.enforcement Audit, which writes no policy`,
    );
  }
}
