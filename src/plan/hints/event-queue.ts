/** One message of a queue of events, as it came: nothing in it is to be believed. */
export interface EventMessage {
  /** The queue's own id of the message: the same when it is handed out again. */
  readonly id: string;
  readonly body: string;
  /** Names this handing out of the message, for its removal. */
  readonly receipt: string;
}

/** A queue of events about changes at AWS. */
export interface EventQueue {
  readonly region: string;
  readonly name: string;
  /**
   * Waits up to 20 s for messages; none is an answer too. Throws `CloudError`. A message that is
   * not removed comes again.
   */
  receive(signal: AbortSignal): Promise<readonly EventMessage[]>;
  /** Takes messages out of the queue. Throws `CloudError`, when some of them stay, too. */
  remove(messages: readonly EventMessage[], signal: AbortSignal): Promise<void>;
}
