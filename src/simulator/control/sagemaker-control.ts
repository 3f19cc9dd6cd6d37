import type { InferenceEndpoint, NotebookInstance, SageMakerState } from '../sagemaker/state.ts';

/** SageMaker of one account and region, in the hands of a test or a demo. */
export interface SageMakerControl {
  addNotebookInstance(
    wanted: Pick<NotebookInstance, 'name'> & Partial<NotebookInstance>,
  ): NotebookInstance;
  /** A deployed model; it answers its input unless told otherwise. */
  addInferenceEndpoint(
    wanted: Pick<InferenceEndpoint, 'name'> & Partial<InferenceEndpoint>,
  ): InferenceEndpoint;
}

/** @param now the simulator's time in milliseconds */
export function createSageMakerControl(
  { notebookInstances, inferenceEndpoints }: SageMakerState,
  now: () => number,
): SageMakerControl {
  return {
    addNotebookInstance(wanted) {
      const times = { createdAtMs: now(), changedAtMs: now() };
      const row = { status: 'InService', instanceType: 'ml.t3.medium', ...times, ...wanted };
      notebookInstances.set(row.name, row);
      return row;
    },
    addInferenceEndpoint(wanted) {
      const row = { variant: 'AllTraffic', predict: (input: Uint8Array) => input, ...wanted };
      inferenceEndpoints.set(row.name, row);
      return row;
    },
  };
}
