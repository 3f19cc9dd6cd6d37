import { authenticate } from './authentication.ts';
import type { CallLog, CallRecord } from '../call-log.ts';
import { denial } from './denial.ts';
import { dialled } from './dialled-endpoint.ts';
import { actionOf, runAction } from './dispatch.ts';
import type { Fault, FaultableCall, FaultPlan } from '../faults.ts';
import { AwsError } from '../protocol/error.ts';
import { foreignAnswer } from './foreign-services.ts';
import type { QueryRequest } from '../protocol/request.ts';
import { renderAnswer, renderError } from '../protocol/xml.ts';
import { answerSageMaker } from '../sagemaker/answer.ts';
import { sageMakerError } from '../sagemaker/errors.ts';
import type { Principal } from '../sts/principals.ts';
import type { Limiter } from './throttle.ts';
import type { World } from '../world.ts';

/** The parts of the simulator, apart from HTTP. */
export interface Engine {
  readonly world: World;
  readonly log: CallLog;
  readonly faults: FaultPlan;
  /** Undefined: throttling is off. */
  readonly limiter: Limiter | undefined;
}

/** The response that goes back over the connection. */
export type Answer =
  | {
      readonly kind: 'reply';
      readonly httpStatus: number;
      readonly body: string | Uint8Array;
      readonly requestId: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' };

interface Outcome {
  readonly httpStatus: number;
  readonly body: string | Uint8Array;
  readonly errorCode?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers one request: faults, throttling, permission, behaviour. Writes it to the call log. */
export async function answerRequest(
  engine: Engine,
  request: QueryRequest,
  signal: AbortSignal,
): Promise<Answer> {
  const requestId = engine.world.ids.uuid('request');
  const attempt = await tryAuthenticate(engine.world, request);
  const at = dialled(engine.world, request.host ?? '');
  const endpointId = at.kind === 'endpoint' ? at.endpointId : undefined;
  const call = { ...faultableCall(request, attempt), endpointId };
  if (at.kind === 'nobody') return logged(engine, request, call, { kind: 'reset' });
  const faults = engine.faults.striking(call);
  const before = faults.filter((fault) => fault.when !== 'after');
  const after = faults.filter((fault) => fault.when === 'after');
  const early = await strike(engine, request, before, requestId, signal);
  if (early !== undefined) return logged(engine, request, call, early);
  const outcome = perform(engine, request, attempt, faults, requestId);
  await answerTime(engine.world, request, outcome, signal);
  const late = await strike(engine, request, after, requestId, signal);
  return logged(engine, request, call, late ?? { kind: 'reply', requestId, ...outcome });
}

async function tryAuthenticate(world: World, request: QueryRequest): Promise<Principal | AwsError> {
  try {
    return await authenticate(world, request);
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function faultableCall(request: QueryRequest, caller: Principal | AwsError): FaultableCall {
  const { protocol, foreignService, sageMaker, action, region, parameters } = request;
  const service = foreignService?.name ?? sageMaker?.service ?? protocol;
  const accountId = caller instanceof AwsError ? '' : caller.accountId;
  return { service, action, region, parameters, accountId, accessKeyId: request.accessKeyId };
}

/** A creation that took effect may keep its caller waiting for the answer. */
async function answerTime(
  { settings }: World,
  { protocol, action }: QueryRequest,
  { httpStatus }: Outcome,
  signal: AbortSignal,
): Promise<void> {
  const { createAnswerMs, clock } = settings;
  if (createAnswerMs === 0 || httpStatus !== 200) return;
  if (protocol === 'ec2' && action === 'CreateVpcEndpoint')
    await clock.sleep(createAnswerMs, signal);
}

type Strike = Answer & { readonly errorCode?: string };

/** The effects of faults on the connection and the answer; undefined when the call goes on. */
async function strike(
  { world }: Engine,
  request: QueryRequest,
  faults: readonly Fault[],
  requestId: string,
  signal: AbortSignal,
): Promise<Strike | undefined> {
  for (const { effect } of faults) {
    switch (effect.kind) {
      case 'delay':
        await world.settings.clock.sleep(effect.ms, signal);
        break;
      case 'reset':
      case 'hang':
        return { kind: effect.kind };
      case 'error': {
        const { code, message = 'A fault of the plan.', httpStatus = 500 } = effect;
        const error = new AwsError(code, message, httpStatus);
        return { kind: 'reply', requestId, ...errorAnswer(request, error, requestId) };
      }
      case 'stale':
      case 'deny':
        break;
      default:
        throw new Error(`No such effect: ${JSON.stringify(effect satisfies never)}`);
    }
  }
  return undefined;
}

function perform(
  engine: Engine,
  request: QueryRequest,
  caller: Principal | AwsError,
  faults: readonly Fault[],
  requestId: string,
): Outcome {
  if (request.foreignService !== undefined) return foreignAnswer(request.foreignService, requestId);
  try {
    if (caller instanceof AwsError) throw caller;
    throttle(engine, request, caller);
    if (faults.some(({ effect }) => effect.kind === 'deny')) throw denial(request, caller);
    const { sageMaker: call, host = '', region } = request;
    if (call !== undefined) {
      return answerSageMaker({ world: engine.world, call, caller, host, region });
    }
    const stale = faults.some(({ effect }) => effect.kind === 'stale');
    const answer = runAction({ world: engine.world, request, caller, stale });
    const body = renderAnswer(request.protocol, request.action, answer, requestId);
    return { httpStatus: 200, body };
  } catch (error) {
    const known = error instanceof AwsError ? error : internalError(error);
    return errorAnswer(request, known, requestId);
  }
}

/** An error in the form of the service that the request is for. */
function errorAnswer(request: QueryRequest, error: AwsError, requestId: string): Outcome {
  if (request.sageMaker !== undefined) return sageMakerError(request.sageMaker, error);
  const body = renderError(request.protocol, error, requestId);
  return { httpStatus: error.httpStatus, body, errorCode: error.code };
}

/** A bug of the simulator is shown as AWS would show a bug of its own. */
function internalError(error: unknown): AwsError {
  const message = `The simulator failed: ${error instanceof Error ? error.stack : String(error)}`;
  return new AwsError('InternalError', message, 500);
}

/** AWS publishes no rates for SageMaker. */
function throttle({ limiter }: Engine, request: QueryRequest, caller: Principal): void {
  if (request.sageMaker !== undefined) return;
  const { protocol: service, action, region, parameters } = request;
  const isNarrowed = Object.keys(parameters).some((name) =>
    /^(Filter|MaxResults|.*Id\.)/.test(name),
  );
  const readOnly = actionOf(request)?.readOnly ?? true;
  limiter?.take({ service, action, region, readOnly, isNarrowed, accountId: caller.accountId });
}

function logged(
  { log, world }: Engine,
  request: QueryRequest,
  call: FaultableCall & Pick<CallRecord, 'endpointId'>,
  answer: Strike,
): Answer {
  const readOnly = actionOf(request)?.readOnly ?? true;
  const httpStatus = answer.kind === 'reply' ? answer.httpStatus : 0;
  const { errorCode } = answer;
  const atMs = world.settings.clock.now();
  log.add({ ...call, atMs, readOnly, httpStatus, errorCode });
  return answer;
}
