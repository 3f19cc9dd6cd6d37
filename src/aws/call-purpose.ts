/** The purpose of calling one of AWS's operations. */
export interface CallPurpose {
  /** When and what for, to follow the name of the operation. */
  readonly purpose: string;
  /** The permission that AWS asks for, where it has another name than the operation. */
  readonly permission?: string;
  /** Permissions that AWS asks for beside the operation's own. */
  readonly alsoNeeds?: readonly string[];
  /** False where AWS asks for no permission. @default true */
  readonly needsPermission?: boolean;
  /** The command whose user needs it; the operator itself does not call it. */
  readonly onlyFor?: string;
}
