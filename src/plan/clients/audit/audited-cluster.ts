/** The part of a cluster that an audit looks at, without Kubernetes' own forms. */
import type { AnyNetworkPolicy } from './reachable.ts';

type Labels = Readonly<Record<string, string>>;

export interface RunningPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly addresses: readonly string[];
  readonly hostNetwork: boolean;
  /** Names of the environment variables of its containers. */
  readonly variables: readonly string[];
  /** Numbers of the containers' ports by their names. */
  readonly namedPorts: Readonly<Record<string, number>>;
}

export interface ClusterService {
  readonly namespace: string;
  readonly name: string;
  /** Absent for a service whose addresses somebody else keeps. */
  readonly selector?: Labels;
  readonly ports: readonly {
    readonly protocol: string;
    readonly port: number;
    /** A number, or the name of a container's port. */
    readonly targetPort: number | string;
  }[];
}

export interface AuditedCluster {
  readonly namespaces: readonly { readonly name: string; readonly labels: Labels }[];
  readonly pods: readonly RunningPod[];
  readonly services: readonly ClusterService[];
  /** Everybody's policies. */
  readonly policies: readonly AnyNetworkPolicy[];
}
