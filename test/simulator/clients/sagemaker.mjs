/** Asks SageMaker as any program does that was told nothing in its code: prints what it heard. */
import { ListNotebookInstancesCommand, SageMakerClient } from '@aws-sdk/client-sagemaker';
import { InvokeEndpointCommand, SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';

const quickly = { maxAttempts: 1 };
const listed = await new SageMakerClient(quickly).send(new ListNotebookInstancesCommand({}));
const invoked = await new SageMakerRuntimeClient(quickly).send(
  new InvokeEndpointCommand({ EndpointName: 'churn', Body: '1,2', ContentType: 'text/csv' }),
);
const notebooks = listed.NotebookInstances.map((one) => one.NotebookInstanceName);
const prediction = invoked.Body.transformToString();
process.stdout.write(JSON.stringify({ notebooks, prediction }));
