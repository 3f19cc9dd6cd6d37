import type { Action, CallContext } from '../../actions.ts';
import type { Form } from '../../protocol/form.ts';
import { checkModifiable, iamOf, keyOf, kindNames, principalIn } from '../context.ts';
import type { Principal, PrincipalKind } from '../records.ts';

/**
 * An action that changes the role, user or group that it names.
 * @param changed The fields that are different afterwards; none if it is so already. Throws what
 *   IAM answers to a request that it refuses.
 */
export function principalChange(
  kind: PrincipalKind,
  required: readonly string[],
  changed: (principal: Principal, form: Form, context: CallContext) => Partial<Principal>,
): Action {
  return {
    readOnly: false,
    required: [`${kindNames[kind]}Name`, ...required],
    run: (context, form) => {
      const iam = iamOf(context);
      const principal = principalIn(iam, kind, form, context.view);
      checkModifiable(principal);
      const fields = changed(principal, form, context);
      if (Object.keys(fields).length > 0) iam.principals.change(keyOf(principal), fields);
      return {};
    },
  };
}
