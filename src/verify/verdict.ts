/** The judgement of a link's private path, as it is reported. Data alone. */

/** The destination that a name leads to. */
export type NameOutcome =
  | 'Private'
  | 'PublicAddresses'
  | 'OtherAddresses'
  | 'NotFound'
  | 'NoAnswer'
  | 'Proxy';

/** The outcome of a connection to an address of an endpoint. */
export type AddressOutcome =
  | 'Reachable'
  | 'TimedOut'
  | 'Refused'
  | 'NoRoute'
  | 'Policy'
  | 'NotTls'
  | 'Proxy'
  | 'WrongName'
  | 'Expired'
  | 'Untrusted';

/** The observation in words, and what to do where it is not as it should be. */
interface Judgement {
  readonly message: string;
  /** Absent where all is well. */
  readonly advice?: string;
}

/** One name of an endpoint. */
export interface NameVerdict extends Judgement {
  readonly name: string;
  readonly outcome: NameOutcome;
  /** As the resolver gave them. */
  readonly addresses: readonly string[];
}

/** One address of an endpoint. */
export interface AddressVerdict extends Judgement {
  readonly zone: string;
  readonly address: string;
  readonly outcome: AddressOutcome;
  /** How long TCP and TLS took; only where both were opened. */
  readonly milliseconds?: number;
}

/** One endpoint of a link. */
export interface EndpointVerdict {
  readonly serviceName: string;
  readonly endpointId: string;
  readonly names: readonly NameVerdict[];
  readonly addresses: readonly AddressVerdict[];
}

/** An address that must not answer. */
export interface ShutVerdict extends Judgement {
  readonly address: string;
  readonly port: number;
  readonly outcome: 'Shut' | 'Open';
}

/** An endpoint of which the status says too little. */
export interface UnknownVerdict extends Judgement {
  readonly serviceName: string;
}

/** One link. */
export interface LinkVerdict {
  readonly name: string;
  /** Whether every endpoint can be used from here, and nothing answers that must not. */
  readonly reachable: boolean;
  readonly endpoints: readonly EndpointVerdict[];
  readonly unknown: readonly UnknownVerdict[];
  readonly shut: readonly ShutVerdict[];
}
