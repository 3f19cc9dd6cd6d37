/** The notebook policy's rights in another account, filled in as docs/operations.md says. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isAllowed } from './authorize.ts';
import { ireland, type Placeholders, policyFor } from './iam-documents.ts';

const file = 'operator-notebook-access-policy.json';
const { PARTITION, TARGET_ACCOUNT_ID, TARGET_ROLE } = ireland;
const account = `arn:${PARTITION}:iam::${TARGET_ACCOUNT_ID}`;

/** The assignments before the documented `fill` of the file for another account. */
function documentedValues(): Placeholders {
  const docs = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
  const command =
    /^((?:[A-Z_]+=\$[A-Z_]+ )+)\\?\s*fill deploy\/iam\/operator-notebook-access-policy\.json > target/m;
  const assignments = command.exec(docs)?.[1]?.trim().split(' ') ?? [];
  const given = ireland as unknown as Readonly<Record<string, string>>;
  const changed = assignments.map((one): readonly [string, string | undefined] => {
    const [name = '', from = ''] = one.split('=$');
    return [name, given[from]];
  });
  return { ...ireland, ...Object.fromEntries(changed) };
}

function attachTo(role: string): Promise<boolean> {
  const policyArn = `${account}:policy/sagemaker-privatelink/ml-prod`;
  return isAllowed([policyFor(file, documentedValues())], {
    action: 'iam:AttachRolePolicy',
    resource: `${account}:role/${role}`,
    context: { 'iam:PolicyARN': policyArn },
  });
}

test('in another account the role there is the one that never gets the policy', async () => {
  expect(await attachTo('DataScience-Lead')).toBe(true);
  expect(await attachTo(TARGET_ROLE)).toBe(false);
  const deny = policyFor(file, documentedValues()).Statement.find(
    ({ Effect }) => Effect === 'Deny',
  );
  expect(deny?.Resource).toContain(`${account}:role/${TARGET_ROLE}`);
});
