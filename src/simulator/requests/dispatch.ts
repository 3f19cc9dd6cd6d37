import type { Action, ActionTable, CallContext } from '../actions.ts';
import { ec2Actions } from '../ec2/actions.ts';
import { iamActions } from '../iam/actions.ts';
import type { Ledger, View } from '../ledger.ts';
import { AwsError } from '../protocol/error.ts';
import { checkParameters, checkVersion, noSuchAction } from './parameters.ts';
import { booleanOf, nestForm } from '../protocol/form.ts';
import type { QueryRequest } from '../protocol/request.ts';
import type { ProtocolName, XmlElement } from '../protocol/xml.ts';
import type { Principal } from '../sts/principals.ts';
import { stsActions } from '../sts/actions.ts';
import type { World } from '../world.ts';

const tables: Readonly<Record<ProtocolName, ActionTable>> = {
  ec2: ec2Actions,
  iam: iamActions,
  sts: stsActions,
};

/** The action of a request; undefined when the simulator does not know it. */
export function actionOf(request: QueryRequest): Action | undefined {
  const table = tables[request.protocol];
  return Object.hasOwn(table, request.action) ? table[request.action] : undefined;
}

/** A request with everything that is needed to run it. */
export interface ReadyCall {
  readonly world: World;
  readonly request: QueryRequest;
  readonly caller: Principal;
  /** Answer a read from before the last change. */
  readonly stale: boolean;
}

/** Checks the parameters and runs the action. Throws AwsError. */
export function runAction({ world, request, caller, stale }: ReadyCall): XmlElement {
  const action = actionOf(request);
  if (request.action !== '') checkVersion(request);
  if (action === undefined) throw noSuchAction(request);
  const form = nestForm(Object.entries(request.parameters));
  checkParameters(action, form, request);
  if (request.protocol === 'ec2' && booleanOf(form, 'DryRun') === true) {
    const message = 'Request would have succeeded, but DryRun flag is set.';
    throw new AwsError('DryRunOperation', message, 412);
  }
  const { region } = request;
  const ledger = ledgerOf(world, request, caller);
  const view = action.readOnly ? readView(ledger, stale) : ledger.latest();
  if (!action.readOnly) ledger.beginChange();
  const context: CallContext = { world, caller, region, view };
  return action.run(context, form);
}

function readView(ledger: Ledger, stale: boolean): View {
  return stale ? ledger.beforeLastChange() : ledger.nextRead();
}

function ledgerOf(world: World, { protocol, region }: QueryRequest, caller: Principal): Ledger {
  const { accountId } = caller;
  return protocol === 'ec2'
    ? world.region(accountId, region).ledger
    : world.iam(accountId, region).ledger;
}
