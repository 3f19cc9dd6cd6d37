/** One line of the guide. Markdown. */
export interface ReasonAdvice {
  readonly means: string;
  readonly todo: string;
}
