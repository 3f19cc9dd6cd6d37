import type { ActionTable } from '../actions.ts';

/** Every action of IAM that the simulator knows. */
export const iamActions: ActionTable = {};
