/** The pods that verify a link: what they are made of, and what of them is known. */
import {
  apiVersion,
  group,
  kind,
  type SageMakerPrivateLink,
  type VerifySpec,
} from '../../api/sagemaker-private-link.ts';
import { linkVariable } from '../../api/verification-report.ts';
import { managedBy, managedByLabel } from '../clients/client-object.ts';
import { selects } from '../clients/label-selector.ts';
import { labelsSelectedBy } from './selected-labels.ts';

type Texts = Readonly<Record<string, string>>;

/** The label with the name of the link that a pod verifies. */
export const verifyLabel = `${group}/verify`;
export const podAnnotations = {
  /** Pods of one run tell one verdict together. */
  run: `${group}/verify-run`,
  /** How many pods the run has. */
  pods: `${group}/verify-pods`,
  /** The basis that the run is about. */
  basis: `${group}/verify-basis`,
  /** The request for a look that the run answers. */
  request: `${group}/verify-request`,
} as const;

/** The container's name, by which its termination message is found. */
export const containerName = 'verify';
const terminationLog = '/dev/termination-log';
const runSeconds = 240;
const user = 65_532;
/**
 * Some network plugins let a new pod speak, or not, until its policies are there: the VPC CNI in its
 * usual mode, see https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html.
 */
const policyDelay = '10s';

/** The image of the pods. */
export interface PodImage {
  readonly reference: string;
  /** The values of `kubernetes.io/arch` that it is made for; undefined where nobody has said. */
  readonly architectures?: readonly string[];
}

/** A whole manifest. */
export interface PodManifest {
  readonly apiVersion: 'v1';
  readonly kind: 'Pod';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Texts;
    readonly annotations: Texts;
    readonly ownerReferences: readonly {
      readonly apiVersion: string;
      readonly kind: string;
      readonly name: string;
      readonly uid: string;
      readonly controller: boolean;
    }[];
  };
  readonly spec: object;
}

/** One run in one namespace. */
export interface Run {
  readonly id: string;
  readonly namespace: string;
  readonly basis: string;
  readonly request: string;
}

/** The pods of a run. */
export function podsOfRun(
  link: SageMakerPrivateLink,
  verify: VerifySpec,
  run: Run,
  image: PodImage,
): readonly PodManifest[] {
  const { podsPerNamespace } = verify;
  return Array.from({ length: podsPerNamespace }, (_, index) =>
    podManifest(link, verify, { ...run, index }, image),
  );
}

function podManifest(
  link: SageMakerPrivateLink,
  verify: VerifySpec,
  { id, namespace, basis, request, index }: Run & { readonly index: number },
  image: PodImage,
): PodManifest {
  const { name, uid } = link.metadata;
  const { labels, isSelected } = labelsFor(link);
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `sagemaker-privatelink-verify-${id}-${index}`,
      namespace,
      labels,
      annotations: {
        [podAnnotations.run]: id,
        [podAnnotations.pods]: String(verify.podsPerNamespace),
        [podAnnotations.basis]: basis,
        [podAnnotations.request]: request,
        'linkerd.io/inject': 'disabled',
        'cluster-autoscaler.kubernetes.io/safe-to-evict': 'true',
      },
      // Goes with the link also while no operator runs, and is adopted by no ReplicaSet whose selector
      // its labels happen to meet.
      ownerReferences: [{ apiVersion, kind, name, uid, controller: true }],
    },
    spec: podSpec(link, verify, { image, isSelected }),
  };
}

/** Labels with which the link's policy selects the pod, where one is in force, and whether it does. */
function labelsFor({ metadata, spec }: SageMakerPrivateLink): {
  readonly labels: Texts;
  readonly isSelected: boolean;
} {
  const own = {
    [managedByLabel]: managedBy,
    [verifyLabel]: metadata.name,
    // A sidecar would take the connections, and be another way than that of pods without one.
    'sidecar.istio.io/inject': 'false',
  };
  const policy = spec.clients?.networkPolicy;
  if (policy?.enforcement !== 'Enforce') return { labels: own, isSelected: false };
  // A selector may ask for another value of a label that the operator needs.
  const labels = { ...labelsSelectedBy(policy.podSelector), ...own };
  return { labels, isSelected: selects(policy.podSelector, labels) };
}

interface PodNeeds {
  readonly image: PodImage;
  readonly isSelected: boolean;
}

function podSpec(link: SageMakerPrivateLink, verify: VerifySpec, needs: PodNeeds): object {
  const { nodeSelector, tolerations = [], podsPerNamespace } = verify;
  const labelSelector = { matchLabels: { [verifyLabel]: link.metadata.name } };
  return {
    restartPolicy: 'Never',
    activeDeadlineSeconds: runSeconds,
    terminationGracePeriodSeconds: 5,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // Nobody sets this condition, so the pod is never ready: a Service whose selector its labels meet
    // sends it no traffic.
    readinessGates: [{ conditionType: `${group}/serves` }],
    nodeSelector: { ...nodeSelector, 'kubernetes.io/os': 'linux' },
    ...nodesFor(needs.image),
    ...(tolerations.length === 0 ? {} : { tolerations }),
    ...(podsPerNamespace === 1
      ? {}
      : {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'topology.kubernetes.io/zone',
              whenUnsatisfiable: 'ScheduleAnyway',
              labelSelector,
            },
          ],
        }),
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [container(link, verify, needs)],
  };
}

/** A node of another architecture could not start the image. */
function nodesFor({ architectures = [] }: PodImage): object {
  if (architectures.length === 0) return {};
  const ours = { key: 'kubernetes.io/arch', operator: 'In', values: architectures };
  const nodeSelectorTerms = [{ matchExpressions: [ours] }];
  return {
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
    },
  };
}

function container(
  link: SageMakerPrivateLink,
  { mustNotAnswer }: VerifySpec,
  { image, isSelected }: PodNeeds,
): object {
  return {
    name: containerName,
    image: image.reference,
    imagePullPolicy: 'IfNotPresent',
    args: ['verify', `--report=${terminationLog}`, ...(isSelected ? shutFlags(mustNotAnswer) : [])],
    env: [{ name: linkVariable, value: JSON.stringify(linkForPod(link)) }],
    terminationMessagePath: terminationLog,
    // The last lines of a pod that tells no verdict say why.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    // Some quotas demand a limit of each kind.
    resources: {
      requests: { cpu: '50m', memory: '64Mi' },
      limits: { cpu: '500m', memory: '128Mi' },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
  };
}

function shutFlags(mustNotAnswer: VerifySpec['mustNotAnswer']): readonly string[] {
  const flags = ['--selected', `--delay=${policyDelay}`];
  if (mustNotAnswer.length === 0) return [...flags, '--no-must-not-answer'];
  const places = mustNotAnswer.map(({ address, port }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`,
  );
  return [...flags, ...places.map((place) => `--must-not-answer=${place}`)];
}

/** The part of the link that a pod needs to know: names and addresses, and no policy or account. */
function linkForPod({ metadata: { name }, spec, status }: SageMakerPrivateLink): object {
  return {
    name,
    spec: {
      endpoints: spec.endpoints.map(({ service, serviceName }) => ({ service, serviceName })),
    },
    status: {
      endpoints: status?.endpoints ?? [],
      securityGroup: { id: status?.securityGroup?.id },
    },
  };
}
