/** The creation guard on a real API server, with users that are impersonated by kubectl. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { eventually } from '../../environment/eventually.ts';
import { kubectl } from '../../environment/kubectl.ts';

const deploy = join(import.meta.dirname, '../../../deploy');
const namespace = 'sagemaker-privatelink-system';
const operator = `system:serviceaccount:${namespace}:sagemaker-privatelink-operator`;
const rulesName = 'sagemaker-privatelink-creation-rules';
const vpc = 'vpc-0a1b2c3d4e5f67890';
const otherVpc = 'vpc-0b1b2c3d4e5f67890';

const rules = `
# comment: group:everybody * * *
group:platform   *        *          *
user:alice       -        eu-west-1  ${vpc}
user:bob\tml-prod  *       ${vpc}
user:carol  *  *
user:dave  *  *  *  *
 user:erin  *  eu-west-1   *
`;

let server: ApiServer;
let folder: string;

type KubectlResult = Awaited<ReturnType<typeof kubectl>>;

async function admin(args: readonly string[], input?: string): Promise<KubectlResult> {
  const { kubeconfig } = server;
  return kubectl([...args], { kubeconfig, ...(input === undefined ? {} : { input }) });
}

async function mustDo(args: readonly string[], input?: string): Promise<void> {
  expect(await admin(args, input)).toMatchObject({ exitCode: 0, stderr: '' });
}

async function setRules(text: string): Promise<void> {
  const patch = JSON.stringify({ data: { rules: text } });
  await mustDo(['patch', 'configmap', rulesName, '-n', namespace, '--type=merge', '-p', patch]);
}

beforeAll(async () => {
  server = await startApiServer();
  folder = await mkdtemp(join(tmpdir(), 'smpl-overlay-'));
  const overlay = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: [relative(folder, deploy)],
    components: [relative(folder, join(deploy, 'components/creation-guard'))],
  };
  await writeFile(join(folder, 'kustomization.yaml'), JSON.stringify(overlay));
  await mustDo(['apply', '-k', folder]);
  await mustDo([
    'wait',
    '--for=condition=Established',
    'crd/sagemakerprivatelinks.sagemaker.privatelink.dev',
  ]);
  // RBAC lets everybody write links here: only the guard is in the way.
  const kind = 'sagemakerprivatelinks.sagemaker.privatelink.dev';
  const role = ['--verb=*', `--resource=${kind},${kind}/status`];
  await mustDo(['create', 'clusterrole', 'links', ...role]);
  const binding = ['--clusterrole=links', '--group=system:authenticated'];
  await mustDo(['create', 'clusterrolebinding', 'links', ...binding]);
  await setRules(rules);
  await eventually(async () => {
    expect((await createAs('nobody', {})).stderr).toContain('may not write links');
    expect(await createAs('alice', {})).toMatchObject({ exitCode: 0 });
  });
}, 120_000);

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

function link(name: string, spec: Record<string, unknown>): object {
  return {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name },
    spec: {
      region: 'eu-west-1',
      vpc: { id: vpc },
      subnets: { tags: { ml: 'private' } },
      endpoints: [{ service: 'api' }],
      ...spec,
    },
  };
}

function as(user: string, ...groups: readonly string[]): readonly string[] {
  return [`--as=${user}`, ...groups.map((group) => `--as-group=${group}`)];
}

const everybody = 'system:authenticated';

async function createAs(
  user: string,
  spec: Record<string, unknown>,
  ...groups: readonly string[]
): Promise<KubectlResult> {
  const who = as(user, everybody, ...groups);
  const args = ['create', '--dry-run=server', '-f', '-', ...who];
  return admin(args, JSON.stringify(link('tried', spec)));
}

describe('who may create links where', () => {
  test.each<[string, Record<string, unknown>, string[]]>([
    ['alice', {}, []],
    ['bob', { account: 'ml-prod' }, []],
    ['bob', { account: 'ml-prod', region: 'us-east-1' }, []],
    ['erin', { account: 'other', vpc: { tags: { ml: 'yes' } } }, []],
    ['zoe', { account: 'other', region: 'us-east-1', vpc: { id: otherVpc } }, ['platform']],
  ])('%s may create %j', async (user, spec, groups) => {
    expect(await createAs(user, spec, ...groups)).toMatchObject({ exitCode: 0 });
  });

  test.each<[string, Record<string, unknown>, string[]]>([
    ['nobody', {}, []],
    ['alice', { vpc: { id: otherVpc } }, []],
    ['alice', { vpc: { tags: { ml: 'yes' } } }, []],
    ['alice', { region: 'us-east-1' }, []],
    ['alice', { account: 'ml-prod' }, []],
    ['bob', {}, []],
    ['bob', { account: 'ml-prod-2' }, []],
    ['carol', {}, []],
    ['dave', {}, []],
    ['erin', { region: 'us-east-1' }, []],
    ['platform', {}, []],
    ['zoe', {}, ['alice']],
    ['zoe', {}, ['everybody']],
  ])('%s may not create %j', async (user, spec, groups) => {
    const { exitCode, stderr } = await createAs(user, spec, ...groups);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${user} may not write links for account`);
    expect(stderr).toContain(`no rule of the ConfigMap ${rulesName} allows it`);
  });

  test('the refusal names the place', async () => {
    const { stderr } = await createAs('alice', { account: 'ml-prod', vpc: { id: otherVpc } });
    expect(stderr).toContain(`for account ml-prod, region eu-west-1, VPC ${otherVpc}`);
  });
});

describe('a link that is there', () => {
  const name = 'standing';
  const change = JSON.stringify({ spec: { driftPolicy: 'Report' } });
  const patch = ['patch', 'smpl', name, '--type=merge', '--dry-run=server', '-p'];

  beforeAll(async () => {
    const who = as('alice', everybody);
    await mustDo(['create', '-f', '-', ...who], JSON.stringify(link(name, {})));
  });

  test('is changed and deleted by those alone who might create it', async () => {
    const remove = ['delete', 'smpl', name, '--dry-run=server'];
    for (const action of [[...patch, change], remove]) {
      expect(await admin([...action, ...as('alice', everybody)])).toMatchObject({ exitCode: 0 });
      const { stderr } = await admin([...action, ...as('bob', everybody)]);
      expect(stderr).toContain('bob may not write links');
    }
  });

  test('can get labels and annotations from whom RBAC lets', async () => {
    const labels = JSON.stringify({ metadata: { labels: { team: 'ml' } } });
    expect(await admin([...patch, labels, ...as('bob', everybody)])).toMatchObject({ exitCode: 0 });
  });

  test('gets its finalizer and its status from the operator, and nothing else', async () => {
    const by = as(operator, everybody, 'platform');
    const finalizers = ['sagemaker.privatelink.dev/finalizer'];
    const tryTo = (body: object) => admin([...patch, JSON.stringify(body), ...by]);
    expect(await tryTo({ metadata: { finalizers } })).toMatchObject({ exitCode: 0 });
    const status = { status: { observedGeneration: 1 } };
    expect(
      await admin([...patch, JSON.stringify(status), '--subresource=status', ...by]),
    ).toMatchObject({ exitCode: 0 });
    const refusals = [
      [{ spec: { driftPolicy: 'Report' } }, 'may not change the spec'],
      [
        { metadata: { finalizers: [...finalizers, 'example.com/other'] } },
        'its own finalizer only',
      ],
      [{ metadata: { labels: { team: 'ml' } } }, 'its own finalizer only'],
      [{ metadata: { annotations: { note: 'x' } } }, 'its own finalizer only'],
    ] as const;
    for (const [body, message] of refusals) {
      expect((await tryTo(body)).stderr).toContain(message);
    }
  });
});

test('without its ConfigMap, and with an empty one, everything is denied', async () => {
  const saved = await admin(['get', 'configmap', rulesName, '-n', namespace, '-o', 'json']);
  await mustDo(['delete', 'configmap', rulesName, '-n', namespace]);
  const isDenied = async (): Promise<void> => {
    expect((await createAs('zoe', {}, 'platform')).exitCode).toBe(1);
  };
  await eventually(isDenied);
  await mustDo(['create', 'configmap', rulesName, '-n', namespace]);
  await eventually(async () => {
    expect((await createAs('zoe', {}, 'platform')).stderr).toContain('no rule of the ConfigMap');
  });
  const { data } = JSON.parse(saved.stdout) as { data: { rules: string } };
  await setRules(data.rules);
  await eventually(async () => {
    expect(await createAs('zoe', {}, 'platform')).toMatchObject({ exitCode: 0 });
  });
});

test('the shipped rules let only those write links who are put into their group', async () => {
  const group = 'sagemaker-privatelink-authors';
  const shipped = await admin(['kustomize', folder]);
  const [text = ''] = new RegExp(`^ *group:${group} .*$`, 'm').exec(shipped.stdout) ?? [];
  await setRules(text);
  await eventually(async () => {
    expect((await createAs('alice', {})).exitCode).toBe(1);
    // As whom an EKS access entry with the policy AmazonEKSClusterAdminPolicy makes nobody.
    expect((await createAs('root', {}, 'system:masters')).exitCode).toBe(1);
    expect(await createAs('root', {}, group)).toMatchObject({ exitCode: 0 });
  });
});
