/** Conditions of other people's statements, against requests on the former and the future way. */
import { isIP } from 'node:net';
import { boundaryAddresses } from '../../network/cidr.ts';
import { isPrivateAddress, privateBlocks } from '../document/cidr-set.ts';
import {
  blockOf,
  type ConditionTest,
  conditionTests,
  type RequestContext,
  testResult,
} from './condition-tests.ts';

/** The way that callers come after private DNS is on: through one of these, from this VPC. */
export interface EndpointPath {
  readonly endpointIds: readonly string[];
  readonly vpcId: string;
}

/** The outcomes that a condition can have, over all requests of a way. */
export interface Outcomes {
  readonly canHold: boolean;
  readonly canFail: boolean;
}

export interface ConditionImpact {
  /** Over the internet, from any public address. */
  readonly before: Outcomes;
  /** Through any of the link's endpoints. */
  readonly after: Outcomes;
  /** Keys about networks that are tested, in lower case. */
  readonly keys: readonly string[];
  /** Whether the author provided for these endpoints: by name, or for any endpoint by `Null`. */
  readonly namesEndpoints: boolean;
  /** Whether keys other than those about networks are there, which may hold or not. */
  readonly hasOtherTests: boolean;
}

/** Keys that only requests through an endpoint have. */
const endpointKeys: readonly string[] = ['aws:sourcevpce', 'aws:sourcevpc', 'aws:vpcsourceip'];
/** The same; which services supply them, and their values here, is not known. */
const doubtfulKeys: readonly string[] = [
  'aws:sourcevpcarn',
  'aws:vpceaccount',
  'aws:vpceorgid',
  'aws:vpceorgpaths',
];
const pathKeys: readonly string[] = ['aws:sourceip', ...endpointKeys, ...doubtfulKeys];
const networkKeys: readonly string[] = [...pathKeys, 'aws:viaawsservice'];

/**
 * Compares a Condition element for callers who come over the internet with the same callers through
 * the endpoints: `aws:SourceIp` is absent then, `aws:SourceVpce`, `aws:SourceVpc` and
 * `aws:VpcSourceIp` are present. Tests of other keys come to the same result before and after.
 *
 * @returns undefined for a condition that tests nothing that differs between the two
 */
export function impactOnCondition(
  condition: Readonly<Record<string, unknown>>,
  path: EndpointPath,
): ConditionImpact | undefined {
  const tests = conditionTests(condition);
  const keys = [...new Set(tests.map(({ key }) => key))].filter((key) => pathKeys.includes(key));
  if (keys.length === 0) return undefined;
  const networkTests = tests.filter(({ key }) => networkKeys.includes(key));
  return {
    before: outcomesOver(internetRequests(networkTests), networkTests, new Set()),
    after: outcomesOver(endpointRequests(networkTests, path), networkTests, new Set(doubtfulKeys)),
    keys,
    namesEndpoints: tests.some((test) => providesFor(test, path)),
    hasOtherTests: tests.length > networkTests.length,
  };
}

function outcomesOver(
  requests: readonly RequestContext[],
  tests: readonly ConditionTest[],
  unknownKeys: ReadonlySet<string>,
): Outcomes {
  let canHold = false;
  let canFail = false;
  for (const request of requests) {
    const results = tests.map((test) =>
      unknownKeys.has(test.key) ? undefined : testResult(test, request),
    );
    canHold ||= !results.includes(false);
    canFail ||= results.some((result) => result !== true);
  }
  return { canHold, canFail };
}

/** A request from each public range of addresses that the tests tell apart. */
function internetRequests(tests: readonly ConditionTest[]): readonly RequestContext[] {
  return addressesToTry(tests, 'aws:sourceip')
    .filter((address) => !isPrivateAddress(address))
    .map(
      (address) =>
        new Map([
          ['aws:sourceip', address],
          ['aws:viaawsservice', 'false'],
        ]),
    );
}

/** A request through each endpoint, from each range inside VPCs that the tests tell apart. */
function endpointRequests(
  tests: readonly ConditionTest[],
  { endpointIds, vpcId }: EndpointPath,
): readonly RequestContext[] {
  const addresses = addressesToTry(tests, 'aws:vpcsourceip');
  return endpointIds.flatMap((id) =>
    addresses.map(
      (address) =>
        new Map([
          ['aws:sourcevpce', id],
          ['aws:sourcevpc', vpcId],
          ['aws:vpcsourceip', address],
          ['aws:viaawsservice', 'false'],
        ]),
    ),
  );
}

/** Addresses that nobody lists on purpose, so that "any other address" is always tried. */
const anyAddress: readonly string[] = ['192.0.0.8', '2600::8'];

function addressesToTry(tests: readonly ConditionTest[], key: string): readonly string[] {
  const values = tests.filter((test) => test.key === key).flatMap((test) => test.values);
  const blocks = values.flatMap((value) => blockOf(value) ?? []);
  // A text operator compares letters: an address that its pattern matches.
  const patterns = values
    .map((value) => value.replaceAll(/[*?]/g, '1'))
    .filter((value) => isIP(value) !== 0);
  const edges = boundaryAddresses(blocks.length === 0 ? [] : [...blocks, ...privateBlocks]);
  return [...new Set([...anyAddress, ...edges, ...patterns])];
}

function providesFor(test: ConditionTest, { endpointIds, vpcId }: EndpointPath): boolean {
  if (!endpointKeys.includes(test.key)) return false;
  if (test.operator === 'null' || test.key === 'aws:vpcsourceip') return true;
  const own = test.key === 'aws:sourcevpce' ? endpointIds : [vpcId];
  const plain = { ...test, operator: test.operator.replace('not', '') };
  return own.some((value) => testResult(plain, new Map([[test.key, value]])) === true);
}
