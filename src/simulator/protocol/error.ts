/** An error as AWS sends it. Thrown by actions, turned into XML by the server. */
export class AwsError extends Error {
  readonly code: string;
  readonly httpStatus: number;

  constructor(code: string, message: string, httpStatus = 400) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.httpStatus = httpStatus;
  }
}
