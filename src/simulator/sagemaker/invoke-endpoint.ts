import { AwsError } from '../protocol/error.ts';
import { unsupported } from '../unsupported.ts';
import type { HttpAnswer } from './errors.ts';
import type { RestCall } from './sagemaker-call.ts';
import type { SageMakerState } from './state.ts';

/** Parameters of InvokeEndpoint that are understood: the model itself sees the others at AWS. */
const supported = ['EndpointName', 'ContentType', 'Accept', 'TargetVariant', 'InferenceId'];

/** Has the model of an inference endpoint answer. */
export function invokeEndpoint(
  state: SageMakerState,
  { form, body }: RestCall,
  accountId: string,
): HttpAnswer {
  const other = Object.keys(form).find((name) => !supported.includes(name));
  if (other !== undefined) throw unsupported(`The parameter ${other} of InvokeEndpoint`);
  const { EndpointName: name = '', TargetVariant: variant, Accept, ContentType } = form;
  const endpoint = state.inferenceEndpoints.get(name);
  // The words of many reports.
  if (endpoint === undefined) {
    throw invalid(`Endpoint ${name} of account ${accountId} not found.`);
  }
  if (variant !== undefined && variant !== endpoint.variant) {
    throw invalid(`Variant ${variant} not found for endpoint ${name} of account ${accountId}.`);
  }
  const answerType = Accept === undefined || Accept === '*/*' ? ContentType : Accept;
  return {
    httpStatus: 200,
    headers: {
      'content-type': answerType ?? 'application/octet-stream',
      'x-amzn-invoked-production-variant': endpoint.variant,
    },
    body: endpoint.predict(body),
  };
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
