/** Chapters, and the world that they share. */
import type { AccountControl } from '../src/simulator/control/account-control.ts';
import type { RegionControl } from '../src/simulator/control/region-control.ts';
import type { Simulator } from '../src/simulator/simulator.ts';
import type { Cast } from './cast.ts';
import type { RoleDocument } from './notebook-url.ts';
import type { PolicyObject, Stage } from './stage.ts';
import type { View } from './view.ts';
import type { NameWatch, VpcResolver } from './vpc-resolver.ts';

/** Everything that chapters work with. */
export interface Telling {
  readonly stage: Stage;
  readonly simulator: Simulator;
  readonly region: RegionControl;
  readonly account: AccountControl;
  readonly resolver: VpcResolver;
  readonly cast: Cast;
  readonly view: View;
  /** For files that the demo leaves. */
  readonly folder: string;
  /** How long a chapter may take before the demo has failed. */
  readonly patienceMs: number;
  /** Noted by one chapter for another. */
  readonly memory: Memory;
}

export interface Memory {
  /** The last call to AWS that was shown. */
  lastCall: number;
  watch?: NameWatch;
  /** The policies of the pod's namespace before there was a link. */
  policies?: readonly PolicyObject[];
  /** The documents of the role before there was a link. */
  documents?: readonly RoleDocument[];
  /** The link's endpoints when its picture was taken. */
  endpoints?: readonly { readonly service: string; readonly id: string }[];
}

/** The proof of a chapter: in lines for people, and as values for machines. */
export interface Proof {
  readonly lines: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface Chapter {
  readonly title: string;
  /** Ends when the world is seen to be as told; throws an Error that says what is not. */
  tell(telling: Telling): Promise<Proof>;
}
