/** The step that grants a permission, in a message about one that is missing. */
export const grantAdvice =
  'Grant it as the policies of deploy/iam do; docs/aws-calls.md says which one has it.';
