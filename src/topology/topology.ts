/** A link as a picture: the one form that every rendering is made from, and the JSON of `trace`. */
import type { SageMakerPrivateLink } from '../api/sagemaker-private-link.ts';
import type { Tone } from './tone.ts';

/** A link by its name, with the status that the operator wrote; none before it has looked. */
export type LinkView = Pick<SageMakerPrivateLink, 'spec' | 'status'> & {
  readonly name: string;
  readonly isDeleting?: boolean;
};

/** A part of a link. All texts of a topology are of one line and safe for a terminal. */
export interface Part {
  readonly tone: Tone;
  /** The words of the status on it, in sentences. */
  readonly notes: readonly string[];
}

export interface Topology extends Part {
  readonly name: string;
  readonly region: string;
  /** Number of the AWS account. */
  readonly accountId?: string;
  /** A name of the account map. */
  readonly account?: string;
  /** Of the condition Ready. */
  readonly ready: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly conditions: readonly ConditionPart[];
  readonly vpc: VPCPart;
  readonly zones: readonly ZonePart[];
  readonly endpoints: readonly EndpointPart[];
  readonly group: GroupPart;
  readonly notebookAccess?: AccessPart;
  readonly clients?: ClientsPart;
  readonly drift: readonly DriftPart[];
  /** Lists that the status has cut. */
  readonly truncated: readonly { readonly field: string; readonly leftOut: number }[];
}

export interface ConditionPart {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly since: string;
}

export interface VPCPart extends Part {
  /** Absent while nobody has found it. */
  readonly id?: string;
  /** As the spec names it. */
  readonly wanted: string;
}

/** One column of the picture. */
export interface ZonePart extends Part {
  readonly zone: string;
  /** The chosen subnet; absent in a zone without one. */
  readonly subnetId?: string;
}

export interface EndpointPart extends Part {
  /** The name in the spec. */
  readonly label: string;
  /** Absent where only the short name is known. */
  readonly serviceName?: string;
  readonly id?: string;
  /** AWS's word, or `absent`, or `not looked at`. */
  readonly state: string;
  readonly privateDNS: 'on' | 'off' | 'turning on' | 'turning off' | 'unknown';
  readonly privateNames: readonly string[];
  readonly url?: string;
  /** One for each zone, in the order of the zones. */
  readonly cells: readonly CellPart[];
  /** Somebody else's resources that stand in its way. */
  readonly foreignIds: readonly string[];
}

/** An endpoint in a zone. */
export interface CellPart {
  readonly zone: string;
  readonly tone: Tone;
  /** AWS's word for the endpoint, or `missing`, `not wanted`, `none`. */
  readonly state: string;
  readonly interfaceId?: string;
  readonly subnetId?: string;
  readonly addresses: readonly string[];
}

export interface GroupPart extends Part {
  readonly ids: readonly string[];
  readonly kind: 'managed' | 'listed';
  /** Sources that may reach TCP 443; none of groups that the spec lists. */
  readonly rules: readonly string[];
}

export interface AccessPart extends Part {
  readonly policy: string;
  readonly version?: string;
  readonly sources: readonly string[];
  readonly principals: readonly PrincipalPart[];
}

export interface PrincipalPart {
  readonly kind: 'role' | 'user' | 'group';
  readonly name: string;
  readonly tone: Tone;
  readonly state: 'restricted' | 'not restricted yet' | 'not in the spec';
}

export interface ClientsPart extends Part {
  /** Namespaces that the selector takes, and how many have all; absent before they were counted. */
  readonly namespaces?: number;
  readonly ready?: number;
  readonly selector: string;
  readonly failing: readonly { readonly namespace: string; readonly message: string }[];
  readonly services: readonly ServicePart[];
  readonly egress: readonly { readonly to: readonly string[]; readonly ports: string }[];
}

/** An endpoint of another AWS service that pods are to reach. */
export interface ServicePart extends Part {
  readonly service: string;
  readonly state: string;
  readonly addresses: readonly string[];
}

export interface DriftPart {
  readonly resource: string;
  readonly field: string;
  readonly desired: string;
  readonly actual: string;
  readonly since: string;
}
