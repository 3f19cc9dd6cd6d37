/** The input and the answer of one operation. */
export interface Operation<Input, Output> {
  readonly input: Input;
  readonly output: Output;
}
