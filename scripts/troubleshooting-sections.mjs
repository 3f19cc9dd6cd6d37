/**
 * The sections of docs/troubleshooting.md, as its table of reasons and its tests read them.
 *
 * A section begins with `## Heading` and says in a paragraph `Reasons: ...` which reasons lead there. Its parts
 * are **Make sure.**, **Cause.**, **Repair.** and **Well again.**; a block in ```sh is run as it stands.
 */

/** The parts of a section, in their order. */
export const parts = ['Make sure', 'Cause', 'Repair', 'Well again'];

/**
 * @param page text of the page
 * @returns the sections that have parts: heading, reasons, and text and shell blocks of each part
 */
export function sectionsOf(page) {
  return page
    .split(/^## /m)
    .slice(1)
    .filter((text) => /^\*\*/m.test(text))
    .map(sectionOf);
}

function sectionOf(text) {
  const heading = text.slice(0, text.indexOf('\n'));
  const [, listed = ''] = /^Reasons: ((?:.+\n)+)/m.exec(text) ?? [];
  const reasons = [...listed.matchAll(/`(\w+)`/g)].map(([, reason]) => reason);
  const pieces = text.split(/^\*\*([\w ]+)\.\*\*/m).slice(1);
  const found = {};
  for (let index = 0; index < pieces.length; index += 2) {
    const body = pieces[index + 1];
    const blocks = [...body.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block);
    found[pieces[index]] = { text: body.trim(), blocks };
  }
  return { heading, reasons, parts: found };
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading) {
  return heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}
