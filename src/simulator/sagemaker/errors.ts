import type { AwsError } from '../protocol/error.ts';
import type { SageMakerCall } from './sagemaker-call.ts';

/** An answer as it goes over HTTP. */
export interface HttpAnswer {
  readonly httpStatus: number;
  readonly body: string | Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  readonly errorCode?: string;
}

/** The media type of the control plane's answers (botocore: `jsonVersion` 1.1). */
export const jsonType = { 'content-type': 'application/x-amz-json-1.1' };

/**
 * An error as the service of the call sends it: the control plane names it in the body, the others
 * in a header, with the member `Message` that botocore's model has for them.
 */
export function sageMakerError(call: SageMakerCall, error: AwsError): HttpAnswer {
  const { code, message, httpStatus } = error;
  if (call.protocol === 'json') {
    const body = JSON.stringify({ __type: code, message });
    return { httpStatus, errorCode: code, headers: jsonType, body };
  }
  return {
    httpStatus,
    errorCode: code,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ Message: message }),
  };
}
