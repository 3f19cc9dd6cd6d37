/** The step that grants a permission, in a message about one that is missing. */
export function grantAdvice(action: string): string {
  const document = action.startsWith('iam:')
    ? 'operator-notebook-access-policy.json'
    : 'operator-policy.json';
  return `Grant it as deploy/iam/${document} does; docs/aws-calls.md has every call and its statement.`;
}
