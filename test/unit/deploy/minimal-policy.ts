import { type Authorization, isAllowed } from './authorize.ts';
import { listOf, type Policy, type Statement } from './iam-documents.ts';

/** A policy with one thing taken out, and what that was. */
export interface Mutant {
  readonly without: string;
  readonly policy: Policy;
  /** The actions that the changed statement is about: no other question can be answered anew. */
  readonly actions: readonly string[];
}

type Field = 'Action' | 'Resource';

function withStatement(policy: Policy, index: number, statement: Statement): Policy {
  return { ...policy, Statement: policy.Statement.with(index, statement) };
}

function withoutOneOf(policy: Policy, index: number, field: Field): Mutant[] {
  const statement = policy.Statement[index];
  const entries = listOf(statement?.[field]);
  if (statement === undefined || entries.length < 2) return [];
  return entries.map((entry) => ({
    without: `${statement.Sid}: ${entry}`,
    actions: listOf(statement.Action),
    policy: withStatement(policy, index, {
      ...statement,
      [field]: entries.filter((other) => other !== entry),
    }),
  }));
}

/** Every policy that grants a little less: a statement, an action or a resource is gone. */
export function narrower(policy: Policy): Mutant[] {
  return policy.Statement.flatMap((statement, index) => [
    {
      without: statement.Sid,
      actions: listOf(statement.Action),
      policy: { ...policy, Statement: policy.Statement.toSpliced(index, 1) },
    },

    ...withoutOneOf(policy, index, 'Action'),
    ...withoutOneOf(policy, index, 'Resource'),
  ]);
}

/** Every policy that holds back a little less: one condition key is gone. */
export function wider(policy: Policy): Mutant[] {
  return policy.Statement.flatMap((statement, index) =>
    Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
      Object.keys(keys).map((key) => {
        const rest = Object.fromEntries(Object.entries(keys).filter(([other]) => other !== key));
        const { [operator]: _, ...others } = statement.Condition ?? {};
        const condition = Object.keys(rest).length > 0 ? { ...others, [operator]: rest } : others;
        return {
          without: `${statement.Sid}: ${operator} ${key}`,
          actions: listOf(statement.Action),
          policy: withStatement(policy, index, { ...statement, Condition: condition }),
        };
      }),
    ),
  );
}

/** The first of the questions about the mutant's actions that is answered so. */
async function firstAnswered(
  wanted: boolean,
  { policy, actions }: Mutant,
  questions: readonly Authorization[],
): Promise<Authorization | undefined> {
  for (const question of questions.filter(({ action }) => actions.includes(action))) {
    if ((await isAllowed([policy], question)) === wanted) return question;
  }
  return undefined;
}

/** The mutants under which all that is asked is still allowed: what they lack is spare. */
export async function stillAllowingAll(
  mutants: readonly Mutant[],
  questions: readonly Authorization[],
): Promise<string[]> {
  const spare: string[] = [];
  for (const mutant of mutants) {
    if (!(await firstAnswered(false, mutant, questions))) spare.push(mutant.without);
  }
  return spare;
}

/** The mutants under which all that is asked is still denied: what they lack is idle. */
export async function stillDenyingAll(
  mutants: readonly Mutant[],
  questions: readonly Authorization[],
): Promise<string[]> {
  const idle: string[] = [];
  for (const mutant of mutants) {
    if (!(await firstAnswered(true, mutant, questions))) idle.push(mutant.without);
  }
  return idle;
}
