import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { eventually } from '../../environment/eventually.ts';
import { kubectl } from '../../environment/kubectl.ts';
import { readSpecs } from '../../specs/read-specs.ts';
import { complaintsIn, installKind, linksPath, type Status } from './install-kind.ts';

/** Its own: an operator of another test would take up the links that are made here. */
let server: ApiServer;

interface Link {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly generation?: number };
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
}

beforeAll(async () => {
  server = await startApiServer();
  await installKind(server);
});

afterAll(async () => server?.stop());

function readSpec(file: string): Link {
  const spec = readSpecs('valid').find(({ name }) => name === file);
  return parseLinks(spec?.text ?? '', file)[0]?.object as Link;
}

/** Creates a link under a name that no other test has, and returns it as stored. */
async function createLink(spec: Link['spec']): Promise<Link> {
  const { apiVersion, kind } = readSpec('smallest');
  const body = { apiVersion, kind, metadata: { name: `kind-${randomUUID()}` }, spec };
  const created = await server.request({ method: 'POST', path: linksPath, body });
  expect(created).toMatchObject({ status: 201 });
  return created.body as Link;
}

async function replace(link: Link, subresource = ''): Promise<{ status: number; body: unknown }> {
  const path = `${linksPath}/${link.metadata.name}${subresource}`;
  return server.request({ method: 'PUT', path, body: link });
}

/** The API server publishes the documentation of a kind some time after it serves the kind. */
async function explain(field: string, ...options: readonly string[]): Promise<string> {
  return eventually(async () => {
    const { stdout, stderr, exitCode } = await kubectl(['explain', field, ...options], server);
    if (exitCode !== 0) throw new Error(stderr);
    return stdout.replace(/\s+/g, ' ');
  });
}

describe('kubectl explain', () => {
  test('says of a field what it is, what happens, the default and an example', async () => {
    expect(await explain('smpl.spec.endpoints')).toContain(
      'FIELD: endpoints <[]Object> DESCRIPTION: The interface endpoints, one for each SageMaker service',
    );
    const policy = await explain('smpl.spec.endpoints.policy');
    expect(policy).toContain('The endpoint policy, an IAM policy document as an object');
    expect(policy).toContain('Default: callers of this account');
    expect(policy).toContain('Example: {Statement:');
  });

  test('knows the whole kind', async () => {
    const fields = await explain('smpl', '--recursive');
    expect(fields).toContain('addresses <map[string]Object>');
    expect(fields).toContain('lastHandledReconcileAt <string>');
    expect(fields).toContain('enum: api, api-fips, runtime');
  });
});

describe('a new link', () => {
  test('has the defaults that offline validation gives it', async () => {
    const written = readSpec('notebook-access-unattached');
    const stored = await createLink(written.spec);
    const { link } = validateLink(written);
    expect(stored.spec).toEqual(JSON.parse(JSON.stringify(link.spec)));
    expect(stored.spec).toMatchObject({
      ipAddressType: 'ipv4',
      deletionPolicy: 'Delete',
      driftPolicy: 'Repair',
      adoption: 'Never',
      suspend: false,
      sweepInterval: '60s',
      notebookAccess: { allowEndpoints: true, onImpact: 'Fail' },
    });
  });

  test('is of no observed generation yet, so that nobody takes it for ready', async () => {
    const stored = await createLink(readSpec('smallest').spec);
    const read = await server.request({ path: `${linksPath}/${stored.metadata.name}` });
    expect(read.body).toMatchObject({ metadata: { generation: 1 } });
    expect((read.body as Link).status).toEqual({ observedGeneration: -1 });
  });

  test('cannot be born with a status', async () => {
    const { spec } = readSpec('smallest');
    const { apiVersion, kind } = readSpec('smallest');
    const metadata = { name: `kind-${randomUUID()}` };
    const body = { apiVersion, kind, metadata, spec, status: { vpcId: 'vpc-0a1b2c3d' } };
    const created = await server.request({ method: 'POST', path: linksPath, body });
    expect((created.body as Link).status).toEqual({ observedGeneration: -1 });
  });
});

describe('kubectl get', () => {
  test('has a short name, a category and columns that tell how a link stands', async () => {
    const { metadata, ...link } = await createLink(readSpec('smallest').spec);
    const lastTransitionTime = '2026-11-23T00:00:00Z';
    const ready = { type: 'Ready', status: 'False', reason: 'EndpointPending', message: 'wait' };
    const status = {
      conditions: [{ ...ready, lastTransitionTime }],
      available: '1/2',
      account: '111122223333',
      vpcId: 'vpc-0a1b2c3d4e5f67890',
    };
    expect(await replace({ ...link, metadata, status }, '/status')).toMatchObject({ status: 200 });
    const { stdout } = await kubectl(['get', 'smpl', metadata.name, '-o', 'wide'], server);
    const rows = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s{2,}/));
    expect(rows[0]).toEqual([
      'NAME',
      'READY',
      'AVAILABLE',
      'VPC',
      'REGION',
      'ACCOUNT',
      'REASON',
      'AGE',
    ]);
    expect(rows[1]?.slice(0, 7)).toEqual([
      metadata.name,
      'False',
      '1/2',
      'vpc-0a1b2c3d4e5f67890',
      'eu-west-1',
      '111122223333',
      'EndpointPending',
    ]);
    const narrow = await kubectl(['get', 'smpl', metadata.name], server);
    expect(narrow.stdout.split(/\s+/)).toContain('REASON');
    expect(narrow.stdout).not.toContain('ACCOUNT');
    const category = await kubectl(['get', 'aws', '-o', 'name'], server);
    expect(category.stdout).toContain(
      `sagemakerprivatelink.sagemaker.privatelink.dev/${metadata.name}`,
    );
  });
});

/** Each a stored spec, a change of it, and the complaint about the change, if any. */
const changes: readonly {
  readonly what: string;
  readonly file: string;
  readonly change: Readonly<Record<string, unknown>>;
  readonly complaint?: string;
}[] = [
  {
    what: 'the region',
    file: 'smallest',
    change: { region: 'eu-west-3' },
    complaint: 'spec.region: Forbidden: is immutable',
  },
  {
    what: 'the VPC',
    file: 'smallest',
    change: { vpc: { id: 'vpc-0a1b2c3d4e5f67899' } },
    complaint: 'spec.vpc: Forbidden: is immutable',
  },
  {
    what: 'the VPC from id to tags',
    file: 'smallest',
    change: { vpc: { tags: { Name: 'ml' } } },
    complaint: 'spec.vpc: Forbidden: is immutable',
  },
  {
    what: 'a tag that the VPC is found by',
    file: 'inference',
    change: { vpc: { tags: { Name: 'ml-test' } } },
    complaint: 'spec.vpc: Forbidden: is immutable',
  },
  {
    what: 'the account',
    file: 'inference',
    change: { account: 'ml-test' },
    complaint: 'spec.account: Forbidden: is immutable',
  },
  {
    what: 'the account from absent to present',
    file: 'smallest',
    change: { account: 'ml-test' },
    complaint: 'spec.account: Forbidden: is immutable',
  },
  {
    what: 'the account from present to absent',
    file: 'inference',
    change: { account: undefined },
    complaint: 'spec.account: Forbidden: is immutable',
  },
  { what: 'the subnets', file: 'smallest', change: { subnets: { ids: ['subnet-0a1b2c3d'] } } },
  { what: 'the endpoints', file: 'inference', change: { endpoints: [{ service: 'mlflow' }] } },
  { what: 'the kind of addresses', file: 'smallest', change: { ipAddressType: 'dualstack' } },
  { what: 'suspension', file: 'every-field', change: { suspend: false } },
  {
    what: 'something else to a wrong value',
    file: 'smallest',
    change: { tags: { 'aws:x': 'y' } },
    complaint: 'spec.tags: Forbidden: tag keys must not begin with aws:',
  },
];

test.each(changes)('changing $what: the server and offline agree', async (each) => {
  const stored = await createLink(readSpec(each.file).spec);
  const changed = { ...stored, spec: { ...stored.spec, ...each.change } };
  const answer = await replace(changed);
  const complaints = answer.status === 200 ? [] : complaintsIn(answer.body as Status);
  const offline = validateLink(JSON.parse(JSON.stringify(changed)), { old: stored });
  expect(offline.violations.map(({ message }) => message).sort()).toEqual([...complaints].sort());
  if (each.complaint === undefined) expect(complaints).toEqual([]);
  else expect(complaints).toEqual([expect.stringContaining(each.complaint)]);
});

test('a spec change counts as a new generation, a status change does not', async () => {
  const stored = await createLink(readSpec('smallest').spec);
  const answer = await replace({ ...stored, spec: { ...stored.spec, suspend: true } });
  const changed = answer.body as Link;
  expect(changed.metadata.generation).toBe(2);
  const status = { observedGeneration: 2 };
  const written = (await replace({ ...changed, spec: {}, status }, '/status')).body as Link;
  expect(written.metadata.generation).toBe(2);
  expect(written).toMatchObject({ spec: changed.spec, status });
});
