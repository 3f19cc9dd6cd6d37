import { AwsError } from '../protocol/error.ts';
import type { SageMakerCall } from './sagemaker-call.ts';

/** botocore's names of the services behind the hosts of SageMaker. */
const servicesByHost: Readonly<Record<string, string>> = {
  api: 'sagemaker',
  runtime: 'sagemaker-runtime',
  'featurestore-runtime': 'sagemaker-featurestore-runtime',
  metrics: 'sagemaker-metrics',
};

/** `api.sagemaker.us-east-1.amazonaws.com`, and the same in the names of an endpoint. */
const hostForm = /(?:^|\.)([a-z-]+?)(?:-fips)?\.sagemaker\.([a-z0-9-]+)\./;

/**
 * Throws for a call that was sent to a host of SageMaker which serves another service or another
 * region than the call is for. A host that is none of SageMaker's, such as this machine, serves all.
 */
export function checkHost(call: SageMakerCall, host: string, region: string): void {
  const [, part = '', hostRegion] = hostForm.exec(host) ?? [];
  const service = servicesByHost[part];
  if (service === undefined) return;
  if (hostRegion !== region) {
    // SigV4 services say so of any scope that is not their own.
    throw new AwsError(
      'InvalidSignatureException',
      'Credential should be scoped to a valid region.',
    );
  }
  if (call.action !== '' && call.service !== service) throw unknownOperation(call);
}

/** The answer of JSON services to an action that they do not have. */
export function unknownOperation(call: SageMakerCall): AwsError {
  const isJson = call.protocol === 'json';
  const what = isJson ? `operation ${call.action}` : 'operation of this method and path';
  return new AwsError('UnknownOperationException', `There is no ${what}.`, isJson ? 400 : 404);
}
