/** AWS's words for a document that its grammar does not know. */
export const syntaxFault = 'Syntax errors in policy.';

/** AWS's words for values that the older of its two parsers refuses. */
export const legacyFault = 'The policy failed legacy parsing';

export const vendorFault =
  'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.';
