import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ApiServer, startApiServer } from '../../environment/api-server.ts';
import { eventually } from '../../environment/eventually.ts';
import { kubectl } from '../../environment/kubectl.ts';

const namespace = 'sagemaker-privatelink-system';
const operator = 'sagemaker-privatelink-operator';
const links = 'sagemakerprivatelinks.sagemaker.privatelink.dev';
const deploy = fileURLToPath(new URL('../../../deploy', import.meta.url));

type KubectlResult = Awaited<ReturnType<typeof kubectl>>;

/** Its own server: what is installed here is cluster-wide. */
let server: ApiServer;

async function admin(...args: string[]): Promise<KubectlResult> {
  return kubectl(args, { kubeconfig: server.kubeconfig });
}

async function adminJson(...args: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await admin(...args, '-o', 'json');
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as unknown;
}

beforeAll(async () => {
  server = await startApiServer();
  const installed = await admin('apply', '-k', deploy);
  expect(installed.stderr).toBe('');
  expect(installed.exitCode).toBe(0);
  const established = await admin(
    'wait',
    '--for=condition=Established',
    '--timeout=30s',
    `crd/${links}`,
  );
  expect(established.stderr).toBe('');
});

afterAll(async () => {
  await server.stop();
});

async function versions(): Promise<unknown> {
  const { items } = (await adminJson('get', '-k', deploy)) as {
    items: readonly { kind: string; metadata: { name: string; resourceVersion: string } }[];
  };
  return items.map(({ kind, metadata }) => [kind, metadata.name, metadata.resourceVersion]);
}

test('installing again changes nothing', async () => {
  const before = await versions();
  expect(before).toHaveLength(15);
  expect(await admin('apply', '-k', deploy)).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await versions()).toEqual(before);
});

test('a server-side apply, as GitOps tools do it, has no conflict and no complaint', async () => {
  const applied = await admin(
    'apply',
    '-k',
    deploy,
    '--server-side',
    '--dry-run=server',
    '--field-manager=gitops',
    '--force-conflicts',
  );
  expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
});

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly metadata: object; readonly spec: PodSpec };
  };
}

interface PodSpec {
  readonly containers: readonly { readonly securityContext: Record<string, unknown> }[];
}

async function createPodDryRun(changeTo: (spec: PodSpec) => PodSpec): Promise<KubectlResult> {
  const { spec } = (await adminJson('get', 'deployment', operator, '-n', namespace)) as Deployment;
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...spec.template.metadata, name: 'operator', namespace },
    spec: changeTo(spec.template.spec),
  };
  return kubectl(['create', '--dry-run=server', '-f', '-'], {
    kubeconfig: server.kubeconfig,
    input: JSON.stringify(pod),
  });
}

test("the operator's pod is admitted in its restricted namespace, without a warning", async () => {
  const created = await createPodDryRun((spec) => spec);
  expect(created).toMatchObject({ exitCode: 0, stderr: '' });
});

test.each(['allowPrivilegeEscalation', 'capabilities'])(
  'without %s in its security context the pod would be turned away',
  async (field) => {
    const created = await createPodDryRun((spec) => ({
      ...spec,
      containers: spec.containers.map((container) => ({
        ...container,
        securityContext: Object.fromEntries(
          Object.entries(container.securityContext).filter(([key]) => key !== field),
        ),
      })),
    }));
    expect(created.exitCode).toBe(1);
    expect(created.stderr).toContain('violates PodSecurity "restricted:');
  },
);

interface ResourceRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
}

/** `verb resource.group[/name]`, one line for each thing that the rules allow. */
function linesOf(rules: readonly ResourceRule[]): string[] {
  return rules
    .flatMap(({ verbs, apiGroups, resources, resourceNames = [undefined] }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((resource) =>
          resourceNames.flatMap((name) =>
            verbs.map((verb) => {
              const kind = group === '' ? resource : `${resource}.${group}`;
              return `${verb} ${kind}${name === undefined ? '' : ` ${name}`}`;
            }),
          ),
        ),
      ),
    )
    .toSorted();
}

/** What the API server itself says that a service account may do in a namespace. */
async function allowedIn(where: string, account: string): Promise<string[]> {
  const { token } = await server.kubeconfigForServiceAccount(namespace, account);
  const response = await server.request({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    token,
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SelfSubjectRulesReview',
      spec: { namespace: where },
    },
  });
  expect(response.status).toBe(201);
  const { status } = response.body as { status: { resourceRules: readonly ResourceRule[] } };
  return linesOf(status.resourceRules);
}

const everywhere = [
  'get namespaces kube-system',
  `get ${links}`,
  `list ${links}`,
  `patch ${links}`,
  `watch ${links}`,
  'update sagemakerprivatelinks/status.sagemaker.privatelink.dev',
];

const intended: Readonly<Record<string, readonly string[]>> = {
  [namespace]: [
    ...everywhere,
    // One for each replica and place, under names that cannot be listed beforehand.
    ...['get', 'list', 'watch', 'create', 'update', 'delete'].map(
      (verb) => `${verb} leases.coordination.k8s.io`,
    ),
  ],
  default: [...everywhere, 'create events.events.k8s.io', 'patch events.events.k8s.io'],
  'kube-system': everywhere,
};

test.each(Object.entries(intended))(
  'in the namespace %s the operator may do what it needs and nothing else',
  async (where, lines) => {
    await admin('create', 'serviceaccount', 'nobody', '-n', namespace);
    await eventually(async () => {
      const everybody = await allowedIn(where, 'nobody'); // What every account may do, like discovery.
      const allowed = await allowedIn(where, operator);
      expect(allowed.filter((line) => !everybody.includes(line))).toEqual(lines.toSorted());
    });
  },
);

test("the operator's own token can record an event about a link, in default alone", async () => {
  const { kubeconfig } = await server.kubeconfigForServiceAccount(namespace, operator);
  const event = (where: string) =>
    JSON.stringify({
      apiVersion: 'events.k8s.io/v1',
      kind: 'Event',
      metadata: { name: 'ml-prod.1', namespace: where },
      eventTime: '2026-11-23T10:00:00.000000Z',
      action: 'Reconcile',
      reason: 'EndpointCreated',
      reportingController: 'sagemaker.privatelink.dev/operator',
      reportingInstance: 'operator-1',
      type: 'Normal',
      regarding: {
        apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
        kind: 'SageMakerPrivateLink',
        name: 'ml-prod',
      },
    });
  const create = (where: string) =>
    kubectl(['create', '-f', '-'], { kubeconfig, input: event(where) });
  await eventually(async () => {
    expect(await create('default')).toMatchObject({ exitCode: 0, stderr: '' });
  });
  expect((await create(namespace)).stderr).toContain('forbidden');
});

test.each(readdirSync(`${deploy}/samples`))(
  'the sample %s is accepted, with no field that the schema does not have',
  async (sample) => {
    const created = await admin(
      'create',
      '--dry-run=server',
      '--validate=strict',
      '-f',
      `${deploy}/samples/${sample}`,
    );
    expect(created).toMatchObject({ exitCode: 0, stderr: '' });
  },
);

test('a new link counts as in progress before the operator has seen it', async () => {
  const name = 'ml-minimal';
  await admin('create', '-f', `${deploy}/samples/minimal.yaml`);
  const link = (await adminJson('get', links, name)) as { status?: object };
  expect(link.status).toEqual({ observedGeneration: -1 });
  await admin('delete', links, name);
});
