import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/**
 * A reporter for jest that counts tests by project and keeps how long each file took. It writes both
 * as JSON to the file that the environment variable SMPL_TEST_SUMMARY names. scripts/test.mjs prints
 * them at the very end.
 */
// Jest takes a reporter by its default export.
export default class SummaryReporter {
  #projects = new Map();
  #files = new Map();

  onTestResult(test, result) {
    const name = test.context.config.displayName?.name ?? 'tests';
    const count = this.#projects.get(name) ?? { passed: 0, failed: 0, skipped: 0, seconds: 0 };
    const seconds = (result.perfStats.end - result.perfStats.start) / 1000;
    this.#files.set(relative(test.context.config.rootDir, test.path), seconds);
    // A file that cannot even be loaded has no tests to count, and is a failure all the same.
    const broken = result.testExecError !== undefined && result.numFailingTests === 0 ? 1 : 0;
    this.#projects.set(name, {
      passed: count.passed + result.numPassingTests,
      failed: count.failed + result.numFailingTests + broken,
      skipped: count.skipped + result.numPendingTests + result.numTodoTests,
      seconds: count.seconds + seconds,
    });
  }

  onRunComplete() {
    const file = process.env.SMPL_TEST_SUMMARY;
    if (!file) return;
    const [projects, files] = [this.#projects, this.#files].map((map) => Object.fromEntries(map));
    writeFileSync(file, JSON.stringify({ projects, files }));
  }
}
