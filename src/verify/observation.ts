/** Everything that the probes of one target saw. Data alone. */

/** The answer of a resolver. */
export type NameAnswer =
  | { readonly kind: 'Addresses'; readonly addresses: readonly string[] }
  /** The resolver says that there is no such name, or no address for it. */
  | { readonly kind: 'NotFound' }
  /** The resolver did not answer, or could not. */
  | { readonly kind: 'NoAnswer'; readonly detail: string };

/** The certificate that a server showed. */
export interface SeenCertificate {
  /** The names that it is for, as one text. */
  readonly names: string;
  /** Whether the dialled name is one of them. */
  readonly isForName: boolean;
  /** The organization and the name of the authority that issued it. */
  readonly issuer: string;
  readonly isExpired: boolean;
  /** Why no authority that is trusted here vouches for it; undefined: one does. */
  readonly distrust?: string | undefined;
}

/** The outcome of a connection to one address. */
export type Connection =
  /** TCP and TLS were opened. */
  | { readonly kind: 'Opened'; readonly certificate: SeenCertificate; readonly ms: number }
  | { readonly kind: 'TimedOut' }
  | { readonly kind: 'Refused' }
  /** This machine has no way to the address. */
  | { readonly kind: 'NoRoute'; readonly detail: string }
  /** This machine itself does not let the connection out. */
  | { readonly kind: 'Forbidden'; readonly detail: string }
  /** TCP was opened, and what came then was not TLS. */
  | { readonly kind: 'NotTls'; readonly detail: string };

/** An answer for one name. */
export interface NameObservation {
  readonly name: string;
  readonly answer: NameAnswer;
  /** The proxy that the environment has for requests to the name, without credentials. */
  readonly proxy?: string | undefined;
}

/** A connection to one address of an endpoint. */
export interface AddressObservation {
  readonly zone: string;
  readonly address: string;
  readonly connection: Connection;
}
