/** All that a plan depends on, and all that it says. */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { ClientsView } from './clients/status/clients-view.ts';
import type { DesiredEndpoint } from './endpoint/desired-endpoint.ts';
import type { NetworkInterface, Subnet, Vpc } from './facts.ts';
import type { Subject } from './findings.ts';
import type { OwnerIdentity } from './looks.ts';
import type { SkippedSubnet } from './network/choose-subnets.ts';
import type { RememberedAccess } from './notebook-policy/access-input.ts';
import type { Rival } from './notebook-policy/rivals.ts';
import type { Observation } from './observation.ts';
import type { Elapsed } from './sightings.ts';
import type { Stage } from './stage.ts';

/** Everything that the last status knows. Hints that save calls or help a repair; none is needed. */
export interface Remembered {
  /** Endpoint id by full service name. */
  readonly endpointIds: Readonly<Record<string, string>>;
  readonly networkInterfaces: readonly NetworkInterface[];
  /** Keys of `spec.tags` that were put on resources. */
  readonly tagKeys: readonly string[];
  readonly access: RememberedAccess;
}

/** Everything that a plan depends on: nothing else. */
export interface PlanInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  /** `absent`: the link is being deleted. */
  readonly goal: 'present' | 'absent';
  readonly observation: Observation;
  readonly remembered: Remembered;
  /** See `DeletionInput.absenceIsFinal`. */
  readonly absenceIsFinal: boolean;
  /** For how long things have been as they are. */
  readonly elapsed: Elapsed;
  /** Other links whose notebook policy denies what this one allows. @default none */
  readonly rivals?: readonly Rival[];
  /** How the namespaces of the link are. @default there is no cluster */
  readonly clients?: ClientsView;
}

/** The plan so far. Complete when it has no looks. */
export interface Plan extends Stage {
  /** The endpoints as they should be; parts that cannot be are held (see `HeldParts`). */
  readonly desired: readonly DesiredEndpoint[];
  /** One subnet per zone, before any service leaves some out. */
  readonly subnets: readonly Subnet[];
  /** Subnets that the spec selects and some or all endpoints do without. */
  readonly skippedSubnets: readonly SkippedSubnet[];
  /** Parts of the link that were planned. Of the others nothing is known. */
  readonly reached: readonly Subject[];
  readonly vpc?: Vpc;
  /** True when the link is being deleted and AWS has nothing of it any more. */
  readonly gone: boolean;
  /** States seen now, by topic: whoever runs plans measures for how long they stay so. */
  readonly seen: Readonly<Record<string, string>>;
  /** Endpoints whose names have settled, and whether private DNS is on, by id. */
  readonly settledNames: Readonly<Record<string, boolean>>;
}
