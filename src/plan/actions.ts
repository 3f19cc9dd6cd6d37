/** Every change that the planner can ask for: those of each resource. */
import type { EndpointAction, EndpointResults } from './endpoint/actions.ts';
import type { PolicyAction, PolicyResults } from './notebook-policy/actions.ts';
import type { SecurityGroupAction, SecurityGroupResults } from './security-group/actions.ts';
import type { TagAction, TagResults } from './tags/actions.ts';

/** A change, as data. */
export type Action = SecurityGroupAction | EndpointAction | TagAction | PolicyAction;

export type ActionKind = Action['kind'];

/** The values that AWS assigned; the rest of an action's effect follows from the action itself. */
export interface ActionResults
  extends SecurityGroupResults,
    EndpointResults,
    TagResults,
    PolicyResults {}

/** The result of one action. */
export type ResultOf<A extends Action> = ActionResults[A['kind']];
