/**
 * The text of a page with one of its generated parts replaced.
 *
 * @param page the page's path, for the error when it has no such part
 */
export function replacePart(text, name, content, page) {
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end of generated: ${name} -->`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${page} has no part ${begin} ... ${end}`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n${text.slice(to)}`;
}
