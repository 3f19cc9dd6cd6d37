/** Where Terraform or OpenTofu keeps resources, from the text of its state. Pure. */
import { isObject } from '../../api/validation/json-value.ts';

/** A resource of a state file. */
export interface StateAddress {
  /** As the command line takes it: `module.ml.aws_vpc_endpoint.this["api"]`. */
  readonly address: string;
  /** The id at AWS: of the resource, or of the endpoint that it is a part of. */
  readonly id: string;
}

/**
 * The attribute in which a part of an endpoint names it. Terraform would write such a part again, or
 * take it away. Source: the arguments in the AWS provider's documentation of each resource.
 */
const endpointAttribute: ReadonlyMap<string, string> = new Map([
  ['aws_vpc_endpoint_policy', 'vpc_endpoint_id'],
  ['aws_vpc_endpoint_private_dns', 'vpc_endpoint_id'],
  ['aws_vpc_endpoint_security_group_association', 'vpc_endpoint_id'],
  ['aws_vpc_endpoint_subnet_association', 'vpc_endpoint_id'],
  ['aws_ec2_tag', 'resource_id'],
]);

/**
 * The addresses of managed resources with these ids, and of what Terraform keeps as resources of their
 * own though AWS has them in an endpoint with such an id (a subnet, a tag, ...), in the order of the state.
 *
 * @param text a state of version 4, as `terraform state pull` prints it
 *   (https://developer.hashicorp.com/terraform/internals/json-format has the related formats; OpenTofu keeps the same one)
 * @throws RangeError for a text that is no such state
 */
export function stateAddresses(text: string, ids: readonly string[]): readonly StateAddress[] {
  const state = parsed(text);
  if (!isObject(state) || state['version'] !== 4 || !Array.isArray(state['resources'])) {
    throw new RangeError(
      'it is no Terraform state of version 4: write it with terraform state pull',
    );
  }
  const wanted = new Set(ids);
  return state['resources'].flatMap(addressesIn).filter(({ id }) => wanted.has(id));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function addressesIn(resource: unknown): readonly StateAddress[] {
  if (!isObject(resource) || resource['mode'] !== 'managed') return [];
  const { module, type, name, instances } = resource;
  if (typeof type !== 'string' || typeof name !== 'string' || !Array.isArray(instances)) return [];
  const base = `${typeof module === 'string' ? `${module}.` : ''}${type}.${name}`;
  return instances.flatMap((instance: unknown) => {
    if (!isObject(instance) || !isObject(instance['attributes'])) return [];
    const id = instance['attributes'][endpointAttribute.get(type) ?? 'id'];
    if (typeof id !== 'string') return [];
    return [{ address: `${base}${keyWords(instance['index_key'])}`, id }];
  });
}

/** `[0]` of `count`, `["api"]` of `for_each`, nothing of a resource without either. */
function keyWords(key: unknown): string {
  if (typeof key === 'number') return `[${key}]`;
  // A template in a key would be evaluated: Terraform escapes the signs that begin one.
  return typeof key === 'string' ? `[${JSON.stringify(key).replace(/[$%](?=\{)/g, '$&$&')}]` : '';
}
