/** SageMaker of an account in a region, as far as its clients need it to see it answer. */
export interface SageMakerState {
  /** By name. */
  readonly notebookInstances: Map<string, NotebookInstance>;
  /** Models that are deployed, by the name of their endpoint. */
  readonly inferenceEndpoints: Map<string, InferenceEndpoint>;
}

export interface NotebookInstance {
  readonly name: string;
  /** As SageMaker spells it: `InService`, `Stopped`, ... */
  readonly status: string;
  readonly instanceType: string;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
}

/** An endpoint of SageMaker's hosting; not a VPC endpoint. */
export interface InferenceEndpoint {
  readonly name: string;
  /** As SageMaker names the variants of a model by default: `AllTraffic`. */
  readonly variant: string;
  /** The model: its answer to an input. */
  readonly predict: (input: Uint8Array) => Uint8Array;
}

export function createSageMakerState(): SageMakerState {
  return { notebookInstances: new Map(), inferenceEndpoints: new Map() };
}
