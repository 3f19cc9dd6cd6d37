import { isMap, parseDocument } from 'yaml';

/**
 * The values of a chart as rows of a table: path, default and description. The description of a value is
 * the comment above it.
 *
 * @param text values.yaml
 */
export function describeValues(text) {
  const rows = rowsOf(parseDocument(text).contents, '');
  const lines = rows.map(({ path, value, comment }) => `| \`${path}\` | ${value} | ${comment} |`);
  return ['| value | default | |', '| --- | --- | --- |', ...lines, ''].join('\n');
}

/** Maps without comments of their own on any key are values as a whole, such as `resources`. */
function rowsOf(map, prefix) {
  return map.items.flatMap(({ key, value }, index) => {
    const path = `${prefix}${key.value}`;
    // The comment above the first key of a nested map is the map's.
    const comment = textOf(key.commentBefore ?? (index === 0 && prefix ? map.commentBefore : ''));
    if (isMap(value) && value.items.length > 0 && !comment) return rowsOf(value, `${path}.`);
    return [{ path, value: defaultOf(value), comment }];
  });
}

function textOf(comment) {
  // A blank line in a block of comments parts what is above from the value's own.
  const own = (comment ?? '').split(/\n\s*\n/).at(-1);
  return own
    .split('\n')
    .map((line) => line.trim())
    .join(' ')
    .trim()
    .replaceAll('|', '\\|');
}

function defaultOf(node) {
  const json = JSON.stringify(node.toJSON());
  if (json === '""') return 'none';
  return json.length > 60 ? 'see values.yaml' : `\`${json.replaceAll('|', '\\|')}\``;
}
