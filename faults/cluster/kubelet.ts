/** The nodes of the cluster: they run the pods that verify, and the network decides what these see. */
import type { Collection, StoredObject } from './api-server.ts';

/** How the network treats what a pod sends. */
export interface PodNetwork {
  /** Whether something answers at an address as SageMaker does, now. */
  answers(address: string): boolean;
  /** Whether the policies of a namespace let its pods reach an address, now. */
  lets(namespace: string, address: string): boolean;
  /** Calls back after a time. */
  later(run: () => void, delayMs: number): void;
  /** The time of day. */
  wallTime(): Date;
}

/** The verdict of one pod. */
export interface ToldVerdict {
  readonly link: string;
  readonly namespace: string;
  /** Sorted. */
  readonly addresses: readonly string[];
  readonly isWell: boolean;
  /** Whether it is not well because AWS is not done with an endpoint. */
  readonly isEarly: boolean;
}

export interface Kubelet {
  /** Of all pods that have ended, the latest last. */
  verdicts(): readonly ToldVerdict[];
  /** From now on nothing that pods of a namespace send arrives, or does again. */
  setNetwork(namespace: string, state: 'up' | 'down'): void;
}

/** The label and the variable by which the pods that verify are known, as `docs/verify.md` has them. */
export const verifyLabel = 'sagemaker.privatelink.dev/verify';
const linkVariable = 'SAGEMAKER_PRIVATELINK_LINK';
/** A pod gets a node and its image, and looks. */
const runMs = 4_000;
const internet = '1.1.1.1';

/** Creates a kubelet that runs every pod which carries a link in its environment. */
export function createKubelet(pods: Collection, network: PodNetwork): Kubelet {
  const verdicts: ToldVerdict[] = [];
  const down = new Set<string>();
  const run = ({ metadata, spec }: StoredObject): void => {
    const key = `${metadata.namespace}/${metadata.name}`;
    const now = pods.list().find((one) => one.metadata.uid === metadata.uid);
    if (now === undefined) return;
    const container = containerIn(spec);
    const { namespace = '' } = metadata;
    const addresses = addressesIn(container);
    const lost = addresses.filter(
      (one) => down.has(namespace) || !network.answers(one) || !network.lets(namespace, one),
    );
    const isOpen =
      container.args.includes('--selected') &&
      !container.args.includes('--no-must-not-answer') &&
      network.lets(namespace, internet);
    const report = reportOn(addresses, { lost, isOpen });
    verdicts.push({
      link: metadata.labels?.[verifyLabel] ?? '',
      namespace,
      addresses: addresses.toSorted(),
      isWell: report.reachable,
      isEarly: !down.has(namespace) && lost.some((one) => !network.answers(one)),
    });
    const at = `${network.wallTime().toISOString().slice(0, 19)}Z`;
    const terminated = { exitCode: 0, finishedAt: at, message: JSON.stringify(report) };
    const containerStatuses = [{ name: container.name, state: { terminated } }];
    pods.patch(key, { status: { phase: 'Succeeded', containerStatuses } }, 'status');
  };
  pods.subscribe(({ type, object }) => {
    if (type === 'ADDED' && isVerifying(object)) network.later(() => run(object), runMs);
  });
  return {
    verdicts: () => verdicts,
    setNetwork: (namespace, state) => {
      if (state === 'down') down.add(namespace);
      else down.delete(namespace);
    },
  };
}

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
}

function containerIn(spec: unknown): Container {
  const { containers = [] } = spec as { readonly containers?: readonly Container[] };
  const [{ name = '', args = [], env = [] } = {}] = containers as readonly Partial<Container>[];
  return { name, args, env };
}

function linkIn({ env }: Container): string | undefined {
  return env.find(({ name }) => name === linkVariable)?.value;
}

function isVerifying({ spec }: StoredObject): boolean {
  return linkIn(containerIn(spec)) !== undefined;
}

interface LinkInPod {
  readonly status: {
    readonly endpoints: readonly {
      readonly networkInterfaces?: readonly { readonly ipv4?: string; readonly ipv6?: string }[];
    }[];
  };
}

function addressesIn(container: Container): readonly string[] {
  const { status } = JSON.parse(linkIn(container) ?? '') as LinkInPod;
  const interfaces = status.endpoints.flatMap((one) => one.networkInterfaces ?? []);
  return interfaces.flatMap(({ ipv4, ipv6 }) => [ipv4 ?? [], ipv6 ?? []].flat());
}

interface Seen {
  readonly lost: readonly string[];
  readonly isOpen: boolean;
}

/** The termination message, in the form that `docs/decisions/0038` bounds. */
function reportOn(addresses: readonly string[], { lost, isOpen }: Seen) {
  const fault = (reason: string, subjects: readonly string[]) => ({
    reason,
    count: subjects.length,
    zones: ['z'],
    subjects: subjects.slice(0, 3),
  });
  const faults = [
    ...(lost.length > 0 ? [fault('TimedOut', lost)] : []),
    ...(isOpen ? [fault('AddressOpen', [internet])] : []),
    ...(addresses.length === 0 ? [fault('EndpointsNotAvailable', ['api'])] : []),
  ];
  const zones = [{ zone: 'z', tried: addresses.length, reached: addresses.length - lost.length }];
  return { version: 1, reachable: faults.length === 0, zones, faults };
}
