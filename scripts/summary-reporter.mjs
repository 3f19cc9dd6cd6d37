import { writeFileSync } from 'node:fs';

/**
 * A reporter for jest that counts tests by project and writes the counts as JSON to the file that
 * the environment variable SMPL_TEST_SUMMARY names. scripts/test.mjs prints them at the very end.
 */
// Jest takes a reporter by its default export.
export default class SummaryReporter {
  #projects = new Map();

  onTestResult(test, result) {
    const name = test.context.config.displayName?.name ?? 'tests';
    const count = this.#projects.get(name) ?? { passed: 0, failed: 0, skipped: 0, seconds: 0 };
    // A file that cannot even be loaded has no tests to count, and is a failure all the same.
    const broken = result.testExecError !== undefined && result.numFailingTests === 0 ? 1 : 0;
    this.#projects.set(name, {
      passed: count.passed + result.numPassingTests,
      failed: count.failed + result.numFailingTests + broken,
      skipped: count.skipped + result.numPendingTests + result.numTodoTests,
      seconds: count.seconds + (result.perfStats.end - result.perfStats.start) / 1000,
    });
  }

  onRunComplete() {
    const file = process.env.SMPL_TEST_SUMMARY;
    if (file) writeFileSync(file, JSON.stringify(Object.fromEntries(this.#projects)));
  }
}
