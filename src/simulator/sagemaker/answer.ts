import type { Form } from '../protocol/form.ts';
import { AwsError } from '../protocol/error.ts';
import { violationsIn } from '../protocol/constraints.ts';
import { sageMakerModel } from '../protocol/generated/sagemaker-model.ts';
import type { ParameterModel } from '../protocol/service-model.ts';
import { partitionOf } from '../partitions.ts';
import { frameworkWords } from '../requests/validation.ts';
import type { Principal } from '../sts/principals.ts';
import { unsupported } from '../unsupported.ts';
import type { World } from '../world.ts';
import { type HttpAnswer, jsonType } from './errors.ts';
import { checkHost, unknownOperation } from './host.ts';
import { invokeEndpoint } from './invoke-endpoint.ts';
import { formOfInput } from './json-input.ts';
import { listNotebookInstances, listParameters } from './notebook-instances.ts';
import type { RestCall, SageMakerCall } from './sagemaker-call.ts';

/** A call with everything that is needed to answer it. */
export interface ReadySageMakerCall {
  readonly world: World;
  readonly call: SageMakerCall;
  readonly caller: Principal;
  /** Lower-cased, without a port. */
  readonly host: string;
  readonly region: string;
}

/** Answers a call of a known caller. Throws AwsError. */
export function answerSageMaker({
  world,
  call,
  caller,
  host,
  region,
}: ReadySageMakerCall): HttpAnswer {
  checkHost(call, host, region);
  const state = world.sageMaker(caller.accountId, region);
  if (call.protocol === 'rest') {
    checkRest(call);
    return invokeEndpoint(state, call, caller.accountId);
  }
  const { action, input } = call;
  if (action !== 'ListNotebookInstances') throw notHere(call, sageMakerModel.otherActions);
  if (input === undefined) {
    throw new AwsError('SerializationException', 'The body is no JSON object.');
  }
  const model = sageMakerModel.actions[action];
  const form = formOfInput(input, model);
  checkValues('ValidationException', form, model);
  const other = Object.keys(input).find((name) => isOther(name, model));
  if (other !== undefined) throw unsupported(`The parameter ${other} of ${action}`);
  const arnPrefix = `arn:${partitionOf(region).id}:sagemaker:${region}:${caller.accountId}`;
  const answer = listNotebookInstances(state, form, arnPrefix);
  return { httpStatus: 200, headers: jsonType, body: JSON.stringify(answer) };
}

function checkRest(call: RestCall): void {
  const { action, operation, form, service } = call;
  if (operation === undefined) throw unknownOperation(call);
  if (action !== 'InvokeEndpoint') throw unsupported(`The action ${action} of ${service}`);
  checkValues('ValidationError', form, operation.parameters);
}

/** A member that AWS has and that is not simulated. */
function isOther(name: string, model: ParameterModel | undefined): boolean {
  const members = typeof model === 'object' && 'members' in model ? model.members : {};
  return Object.hasOwn(members, name) && !listParameters.includes(name);
}

/** Why the control plane has no such action here: AWS alone has it, or nobody. */
function notHere(call: SageMakerCall, otherActions: readonly string[]): AwsError {
  if (!otherActions.includes(call.action)) return unknownOperation(call);
  return unsupported(`The action ${call.action} of ${call.service}`);
}

function checkValues(code: string, form: Form, model: ParameterModel | undefined): void {
  const violations = model === undefined ? [] : violationsIn(form, model);
  if (violations.length > 0)
    throw new AwsError(code, frameworkWords(violations, { isShown: true }));
}
