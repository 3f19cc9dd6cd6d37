import { allAllowed, isAllowed, type Authorization } from './authorize.ts';
import { listOf, type Policy, type Statement } from './iam-documents.ts';

/** A policy with one thing taken out, and what that was. */
export interface Mutant {
  readonly without: string;
  readonly policy: Policy;
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
          policy: withStatement(policy, index, { ...statement, Condition: condition }),
        };
      }),
    ),
  );
}

/** The mutants under which every one of the calls is still allowed: what they lack is spare. */
export async function stillAllowingAll(
  mutants: readonly Mutant[],
  calls: readonly (readonly Authorization[])[],
): Promise<string[]> {
  const spare: string[] = [];
  for (const { without, policy } of mutants) {
    if (await everyAllowed(policy, calls)) spare.push(without);
  }
  return spare;
}

async function everyAllowed(
  policy: Policy,
  calls: readonly (readonly Authorization[])[],
): Promise<boolean> {
  for (const call of calls) {
    if (!(await allAllowed([policy], call))) return false;
  }
  return true;
}

/** The mutants under which every one of these questions is still denied: what they lack is idle. */
export async function stillDenyingAll(
  mutants: readonly Mutant[],
  questions: readonly Authorization[],
): Promise<string[]> {
  const idle: string[] = [];
  for (const { without, policy } of mutants) {
    const answers = await Promise.all(questions.map((question) => isAllowed([policy], question)));
    if (!answers.some(Boolean)) idle.push(without);
  }
  return idle;
}
