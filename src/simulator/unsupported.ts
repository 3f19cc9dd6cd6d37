import { AwsError } from './protocol/error.ts';

/** Refusals of things that AWS can do and the simulator cannot: said so, never dressed as a verdict of AWS. */
const unsupportedCode = 'SimulatorUnsupported';

/** @param what as in `The action RunInstances of ec2` */
export function unsupported(what: string): AwsError {
  return new AwsError(unsupportedCode, `${what} is not simulated. AWS may well accept it.`, 501);
}
