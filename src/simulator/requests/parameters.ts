import type { Action } from '../actions.ts';
import { AwsError } from '../protocol/error.ts';
import { checkConstraints } from './validation.ts';
import { type Form, missingParameter } from '../protocol/form.ts';
import { ec2Model } from '../protocol/generated/ec2-model.ts';
import { iamModel } from '../protocol/generated/iam-model.ts';
import { stsModel } from '../protocol/generated/sts-model.ts';
import type { QueryRequest } from '../protocol/request.ts';
import { type ParameterModel, parametersIn, type ServiceModel } from '../protocol/service-model.ts';
import type { ProtocolName } from '../protocol/xml.ts';
import { unsupported } from '../unsupported.ts';

const serviceModels: Readonly<Record<ProtocolName, ServiceModel>> = {
  ec2: ec2Model,
  iam: iamModel,
  sts: stsModel,
};

/** Understood by every action of a service, beside its own parameters. */
const commonParameters: Readonly<Record<ProtocolName, readonly string[]>> = {
  ec2: ['Action', 'Version', 'DryRun'],
  iam: ['Action', 'Version'],
  sts: ['Action', 'Version'],
};

/**
 * Throws for a parameter that is missing, for one that AWS does not have, and for one that AWS has
 * and the action does not simulate: ignoring it would be a lie.
 */
export function checkParameters(action: Action, form: Form, request: QueryRequest): void {
  const { protocol } = request;
  const { optional = [] } = action;
  const required = [...(action.required ?? []), ...requiredByModel(request)];
  if (protocol === 'ec2') checkRequired(required, form);
  const supported = [...required, ...optional];
  const isSupported = (name: string): boolean =>
    supported.some((known) => name === known || name.startsWith(`${known}.`));
  for (const { name, shown, isKnown = isSupported(name) } of namesIn(form, request)) {
    if (commonParameters[protocol].includes(name)) continue;
    if (!isKnown) {
      throw new AwsError('UnknownParameter', `The parameter ${shown} is not recognized`);
    }
    if (!isSupported(name)) throw unsupported(`The parameter ${shown} of ${request.action}`);
  }
  if (protocol !== 'ec2') checkConstraints(protocol, form, modelOf(request));
}

function checkRequired(required: readonly string[], form: Form): void {
  const missing = required.find((name) => form[name] === undefined || form[name] === '');
  if (missing !== undefined) throw missingParameter(missing);
}

function modelOf({ protocol, action }: QueryRequest): ParameterModel | undefined {
  const { actions } = serviceModels[protocol];
  return Object.hasOwn(actions, action) ? actions[action] : undefined;
}

function requiredByModel(request: QueryRequest): readonly string[] {
  const model = modelOf(request);
  return typeof model === 'object' && 'members' in model ? (model.required ?? []) : [];
}

interface NamedParameter {
  /** Without the numbers of lists. */
  readonly name: string;
  readonly shown: string;
  /** Undefined: there is no model that could know it. */
  readonly isKnown?: boolean;
}

/** Without a model a parameter is known by its first name only. */
function namesIn(form: Form, request: QueryRequest): readonly NamedParameter[] {
  const model = modelOf(request);
  if (model === undefined) {
    return Object.keys(form).map((name) => ({ name, shown: name }));
  }
  return parametersIn(form, model);
}

/** Why a request has no action here: none is given, AWS has none either, or AWS alone has it. */
export function noSuchAction(request: QueryRequest): AwsError {
  const { action, protocol } = request;
  if (action === '') {
    return new AwsError('MissingAction', 'The request is missing an action or operation parameter');
  }
  if (serviceModels[protocol].otherActions.includes(action)) {
    return unsupported(`The action ${action} of ${protocol}`);
  }
  if (protocol === 'ec2') {
    return new AwsError('InvalidAction', `The action ${action} is not valid for this web service.`);
  }
  return noSuchOperation(request);
}

/** The words of IAM and STS, also for a version that they do not have. */
function noSuchOperation({ action, parameters }: QueryRequest): AwsError {
  const version = parameters['Version'] || 'NO_VERSION_SPECIFIED';
  const message = `Could not find operation ${action} for version ${version}`;
  return new AwsError('InvalidAction', message);
}

/** The version of a service's API that is simulated. */
export function currentVersion(protocol: ProtocolName): string {
  return serviceModels[protocol].versions.at(-1) ?? '';
}

/**
 * Throws for a version of the API that is missing (EC2 API reference: it is required), that AWS
 * never had, or that is older than the simulated one.
 */
export function checkVersion(request: QueryRequest): void {
  const { protocol } = request;
  const version = request.parameters['Version'];
  const current = currentVersion(protocol);
  if (version === current) return;
  if (protocol !== 'ec2') throw noSuchOperation(request);
  if (version === undefined || version === '') throw missingParameter('Version');
  if (/^20\d\d-\d\d-\d\d$/.test(version) && version < current) {
    throw unsupported(`The version ${version} of ${protocol}`);
  }
  throw new AwsError(
    'NoSuchVersion',
    `The requested version (${version}) of service AmazonEC2 does not exist`,
  );
}
