/** What one operation takes and answers. */
export interface Operation<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}
