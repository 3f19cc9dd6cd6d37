import type { View } from './ledger.ts';
import type { Form } from './protocol/form.ts';
import type { XmlElement } from './protocol/xml.ts';
import type { Principal } from './sts/principals.ts';
import type { World } from './world.ts';

/** Everything that an action knows beside its parameters. */
export interface CallContext {
  readonly world: World;
  readonly caller: Principal;
  readonly region: string;
  /** The world as a reading action is shown it; changing actions see the latest. */
  readonly view: View;
}

/** One action of an API, as data plus its behaviour. Behaviour is synchronous, hence atomic. */
export interface Action {
  readonly readOnly: boolean;
  /** Names of the parameters (first part of the dotted name) that must be there. */
  readonly required?: readonly string[];
  /** The other parameters that are understood. Any further one is refused, never ignored. */
  readonly optional?: readonly string[];
  readonly run: (context: CallContext, form: Form) => XmlElement;
}

export type ActionTable = Readonly<Record<string, Action>>;
