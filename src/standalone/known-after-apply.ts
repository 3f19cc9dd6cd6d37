/** Stands in plans for an id that AWS will choose. */
export const knownAfterApply = '(known after apply)';
