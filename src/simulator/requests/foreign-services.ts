import type { ForeignService } from '../protocol/request.ts';
import { renderError, renderPlainError } from '../protocol/xml.ts';
import { unsupported } from '../unsupported.ts';

interface ForeignAnswer {
  readonly httpStatus: number;
  readonly errorCode: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer of a service that is not simulated, in a form that its clients read. */
export function foreignAnswer(service: ForeignService, requestId: string): ForeignAnswer {
  const error = unsupported(`The service ${service.name}`);
  const { httpStatus, code: errorCode, message } = error;
  const answer = { httpStatus, errorCode };
  switch (service.format) {
    case 'query':
      return { ...answer, body: renderError('iam', error, requestId) };
    case 'xml':
      return { ...answer, body: renderPlainError(error, requestId) };
    case 'json':
      return {
        ...answer,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': errorCode },
        body: JSON.stringify({ __type: errorCode, message }),
      };
  }
}
