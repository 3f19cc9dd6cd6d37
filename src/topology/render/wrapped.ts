/**
 * A text in lines of at most so many characters, broken between words where that goes, and within
 * a word that is longer than a line.
 *
 * @param width in characters; at least 8 are taken
 */
export function wrapped(text: string, width: number): readonly string[] {
  const most = Math.max(width, 8);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((one) => pieces(one, most))) {
    const joined = line === '' ? word : `${line} ${word}`;
    if (Array.from(joined).length <= most) {
      line = joined;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, most: number): readonly string[] {
  const characters = Array.from(word);
  if (characters.length <= most) return [word];
  const count = Math.ceil(characters.length / most);
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * most, (index + 1) * most).join(''),
  );
}
