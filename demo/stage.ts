import type { SageMakerPrivateLinkStatus } from '../src/api/sagemaker-private-link.ts';

/** Where the story plays: without a cluster, or on a real API server. */
export interface Stage {
  /** What runs, in a few words. */
  readonly description: string;
  /** Gives the link to whatever brings it about. */
  apply(yaml: string): Promise<void>;
  /** The newest status of the link; undefined when the link does not exist (any more). */
  status(): Promise<SageMakerPrivateLinkStatus | undefined>;
  /** Changes that were made or found, oldest first, in words. */
  notes(): readonly string[];
  /** Asks for everything to be taken away. */
  remove(): Promise<void>;
  close(): Promise<void>;
}
