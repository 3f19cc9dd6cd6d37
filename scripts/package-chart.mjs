/**
 * Writes a copy of deploy/chart whose default image is the one of a release, ready for `helm package`:
 *
 *     node scripts/package-chart.mjs IMAGE@sha256:... FOLDER [URL]
 *
 * The image by digest stands in values.yaml, so whoever installs the released chart without values gets
 * the image that was built and attested with it. Alerts link to the documents at the URL.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument } from 'yaml';

const [image = '', folder = '', documents] = process.argv.slice(2);
const reference = /^(?<repository>[^@\s]+)@(?<digest>sha256:[0-9a-f]{64})$/.exec(image)?.groups;
if (reference === undefined || folder === '') {
  console.error(
    `Usage: node scripts/package-chart.mjs IMAGE@sha256:DIGEST FOLDER [URL]; the image was "${image}"`,
  );
  process.exit(2);
}

rmSync(folder, { recursive: true, force: true });
cpSync(resolve(import.meta.dirname, '../deploy/chart'), folder, { recursive: true });
const path = join(folder, 'values.yaml');
const values = parseDocument(readFileSync(path, 'utf8'));
values.setIn(['image', 'repository'], reference.repository);
values.setIn(['image', 'digest'], reference.digest);
if (documents !== undefined) values.setIn(['metrics', 'prometheusRule', 'runbooks'], documents);
writeFileSync(path, values.toString({ lineWidth: 0 }));
