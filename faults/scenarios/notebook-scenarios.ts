/** Notebook access: the IAM policy, its versions and its attachments. */
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

type Spec = Record<string, unknown>;

const endpoints = [{ service: 'api' }, { service: 'notebook' }];

function access(change: Spec = {}): Spec {
  return {
    allowedCIDRs: ['203.0.113.0/24'],
    allowEndpoints: true,
    attachTo: { roles: ['DataScientist'] },
    ...change,
  };
}

function withPrivateDns(privateDNS: boolean): readonly Spec[] {
  return endpoints.map((one) => ({ ...one, privateDNS }));
}

function createWith(run: Run, privateDNS: boolean, changed: Spec): void {
  const spec = { ...plainSpec(run.surroundings), endpoints: withPrivateDns(privateDNS) };
  run.create(linkName, { ...spec, notebookAccess: access(changed) });
}

/** A link with a notebook policy. */
function create(run: Run, change: Spec = {}): void {
  const spec = { ...plainSpec(run.surroundings), endpoints, notebookAccess: access(change) };
  run.create(linkName, spec);
}

function change(name: string, changed: Spec | null, before: Spec = {}): Scenario {
  return {
    name: `notebook access: ${name}`,
    covers: ['F15'],
    before: (run) => create(run, before),
    act: (run) => run.update(linkName, { notebookAccess: changed }),
    end: 'ready',
  };
}

function ownPolicyArn(run: Run): string {
  const arn = run.link(linkName)?.status?.notebookAccess?.policyArn;
  if (arn === undefined) throw new Error('the link has no policy');
  return arn;
}

function drift(name: string, interfere: (run: Run, arn: string) => void): Scenario {
  return {
    name: `notebook access drift: ${name}`,
    covers: ['F12'],
    before: create,
    act(run) {
      interfere(run, ownPolicyArn(run));
      run.watcher.acceptWorld();
    },
    end: 'ready',
  };
}

/** Changes who has a policy, behind the operator's back. */
function reattach(
  run: Run,
  name: string,
  attached: (arns: readonly string[]) => readonly string[],
): void {
  const principal = run.iam.principals().find((one) => one.name === name);
  if (principal === undefined) throw new Error(`no principal ${name}`);
  const { attachedPolicyArns } = principal;
  run.iam.changePrincipal(principal, { attachedPolicyArns: attached(attachedPolicyArns) });
}

export const notebookScenarios: readonly Scenario[] = [
  { name: 'notebook access: on from the start', isMain: true, act: create, end: 'ready' },
  {
    name: 'notebook access: on later',
    before: (run) => run.create(linkName, { ...plainSpec(run.surroundings), endpoints }),
    act: (run) => run.update(linkName, { notebookAccess: access() }),
    end: 'ready',
  },
  change('off', null),
  change('other addresses', { allowedCIDRs: ['198.51.100.0/24'] }),
  change('a principal is added', { attachTo: { roles: ['DataScientist', 'Analyst'] } }),
  change(
    'a principal is removed',
    { attachTo: { roles: ['DataScientist'] } },
    { attachTo: { roles: ['DataScientist', 'Analyst'] } },
  ),
  change('endpoints are no way any more', { allowEndpoints: false }),
  {
    name: 'notebook access: from public addresses to endpoints',
    covers: ['F15'],
    before: (run) => createWith(run, false, { allowEndpoints: false }),
    act: (run) =>
      run.update(linkName, {
        endpoints,
        notebookAccess: access({ allowedCIDRs: ['198.51.100.0/24'] }),
      }),
    end: 'ready',
  },
  {
    name: 'notebook access: from endpoints to public addresses',
    covers: ['F15'],
    before: (run) => createWith(run, true, { allowedCIDRs: ['198.51.100.0/24'] }),
    act: (run) =>
      run.update(linkName, {
        endpoints: withPrivateDns(false),
        notebookAccess: access({ allowEndpoints: false }),
      }),
    end: 'ready',
  },
  {
    name: 'notebook access: delete the link',
    isMain: true,
    before: create,
    act: (run) => run.delete(linkName),
    end: 'gone',
  },
  {
    name: 'notebook access: an endpoint is replaced',
    before: create,
    act(run) {
      const id = run.link(linkName)?.status?.endpoints?.[0]?.id;
      run.ec2.eraseEndpoint(id ?? '');
      run.watcher.acceptWorld();
    },
    end: 'ready',
  },
  drift('another version is the default', ({ iam }, arn) => {
    const policy = iam.policies().find((one) => one.arn === arn);
    if (policy === undefined) throw new Error(`no policy ${arn}`);
    const id = `v${policy.versionCount + 1}`;
    const document = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    const version = { id, document, createdAtMs: policy.updatedAtMs };
    const versions = [...policy.versions, version];
    const versionCount = policy.versionCount + 1;
    iam.changePolicy(arn, { versions, versionCount, defaultVersionId: id });
  }),
  drift('the policy is detached', (run, arn) =>
    reattach(run, 'DataScientist', (arns) => arns.filter((one) => one !== arn)),
  ),
];
