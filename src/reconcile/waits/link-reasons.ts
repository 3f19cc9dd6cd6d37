/** Reasons of the passes of links, as the queue hands them out; other reasons matter to nobody. */

/** The object has changed: its spec, a request to look, its finalizer, its deletion. */
export const changed = 'Changed';

/** The end of AWS's work that the link waited for. */
export const workEnded = 'WorkEnded';

/** The turn of a call that was held back is near, or has to be estimated anew. */
export const turn = 'Turn';
