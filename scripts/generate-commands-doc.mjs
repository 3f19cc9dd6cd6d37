/**
 * Writes the generated part of docs/commands.md: the help of each command, as the program prints it. With
 * --check it writes nothing and exits 1 when the page is out of date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { replacePart } from './generated-part.mjs';
import { importSource } from './import-source.mjs';

const root = resolve(import.meta.dirname, '..');
const page = 'docs/commands.md';
const { runCli } = await importSource("export { runCli } from './src/cli/program.ts';");
// Defaults that the environment gives are somebody's own.
for (const name of Object.keys(process.env)) {
  if (name.startsWith('SAGEMAKER_PRIVATELINK_') || name === 'FORCE_COLOR') delete process.env[name];
}

// Each run listens for a reader that goes away.
process.stdout.setMaxListeners(0);
process.stderr.setMaxListeners(0);

/** The output of a run that ends by itself. */
async function outputOf(...args) {
  const { write } = process.stdout;
  let text = '';
  process.stdout.write = (part) => {
    text += part;
    return true;
  };
  try {
    await runCli([process.execPath, 'sagemaker-privatelink', ...args]);
  } finally {
    process.stdout.write = write;
  }
  return text;
}

const overview = await outputOf('--help');
const names = [...overview.matchAll(/^ {2}([a-z][a-z-]*)\b.*$/gm)]
  .map(([, name]) => name)
  .filter((name) => name !== 'help');
if (names.length === 0) throw new Error('the help of the program lists no commands');
const sections = [`\`\`\`text\n${overview.trimEnd()}\n\`\`\``];
for (const name of names) {
  const help = (await outputOf(name, '--help')).trimEnd();
  if (!help.startsWith('Usage:')) throw new Error(`${name} --help prints no usage`);
  sections.push(`## ${name}\n\n\`\`\`text\n${help}\n\`\`\``);
}
const former = readFileSync(join(root, page), 'utf8');
const text = replacePart(former, 'commands', `${sections.join('\n\n')}\n`, page);
if (process.argv.includes('--check')) {
  if (text !== former) console.error(`${page} is out of date: npm run generate`);
  process.exit(text === former ? 0 : 1);
}
if (text !== former) writeFileSync(join(root, page), text);
