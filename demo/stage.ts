import type { SageMakerPrivateLink } from '../src/api/sagemaker-private-link.ts';
import type { AnyNetworkPolicy } from '../src/plan/clients/audit/reachable.ts';

/** A link as a user writes it. */
export interface LinkManifest extends Pick<SageMakerPrivateLink, 'apiVersion' | 'kind' | 'spec'> {
  readonly metadata: { readonly name: string };
}

/** A link with the newest status; without one as long as the program has not told any. */
export type LinkWithStatus = LinkManifest & Pick<SageMakerPrivateLink, 'status'>;

/** A NetworkPolicy as a manifest, and in the form that decides. */
export interface PolicyObject extends AnyNetworkPolicy {
  readonly manifest: object;
}

/** Where the story plays: the shipped program on files, or as the operator of a real API server. */
export interface Stage {
  /** The program that runs, in a few words. */
  readonly description: string;
  /** Where `policies` come from, in a few words. */
  readonly policySource: string;
  /** Gives a link to the program, which works on it from now on. */
  apply(link: LinkManifest): Promise<void>;
  /** Ends the program as `kill -9` does; answers the id of the process. */
  kill(): Promise<number>;
  /** Starts the program again; answers the id of the process. */
  restart(): Promise<number>;
  /** Has the program look at AWS now, and not at the end of the link's interval. */
  lookNow(name: string): Promise<void>;
  /**
   * The link; undefined when it does not exist (any more).
   *
   * @throws Error with the program's own words where it ended in a way that it must not
   */
  link(name: string): Promise<LinkWithStatus | undefined>;
  /** The changes that the program told of a link, in its own words, oldest first. */
  changes(name: string): Promise<readonly string[]>;
  /** The NetworkPolicies that hold the pods of a namespace. */
  policies(namespace: string): Promise<readonly PolicyObject[]>;
  /** Asks for everything of the links to be taken away. */
  remove(names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
