/**
 * The messages without the sentences that an earlier one has said: several failures of one cause
 * have the same advice, which is read once. A message that says nothing new becomes empty.
 */
export function withoutRepeats(messages: readonly string[]): readonly string[] {
  const said = new Set<string>();
  return messages.map((message) => {
    const news = sentencesOf(message).filter((sentence) => !said.has(sentence));
    for (const sentence of news) said.add(sentence);
    return news.join(' ');
  });
}

/** A sentence may begin with the name of a call or an id, in lower case. */
function sentencesOf(text: string): readonly string[] {
  return text.split(/(?<=[.!?])(?<!\b(?:e\.g|i\.e|etc|vs)\.) /);
}
