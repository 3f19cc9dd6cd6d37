import { availableParallelism } from 'node:os';

/** For global set-up and tear-down; test files are run by scripts/test-runner.mjs. */
const swc = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

/** One project per place where tests run, so that the summary can say what ran where. */
function project(displayName, folder, extra = {}) {
  return {
    displayName,
    rootDir: import.meta.dirname,
    testMatch: [`<rootDir>/test/${folder}/**/*.test.ts`],
    extensionsToTreatAsEsm: ['.ts'],
    testRunner: '<rootDir>/scripts/test-runner.mjs',
    transform: { '^.+\\.ts$': swc },
    testEnvironment: 'node',
    setupFilesAfterEnv: ['<rootDir>/test/environment/property-seed.ts'],
    cacheDirectory: '<rootDir>/node_modules/.cache/jest',
    ...extra,
  };
}

/** The test files of such a project share one API server: test/environment/shared-api-server.ts. */
function withApiServer(name) {
  return {
    globalSetup: `<rootDir>/test/environment/setup-${name}.ts`,
    globalTeardown: '<rootDir>/test/environment/teardown.ts',
  };
}

const withPython = { globalSetup: '<rootDir>/test/environment/setup-python.ts' };

export default {
  // Ends what hangs; a busy machine must not fail a test.
  testTimeout: 180_000,
  // Two more than there are cores: most of a process test is waiting, for AWS and for leases.
  maxWorkers: availableParallelism() + 2,
  testSequencer: '<rootDir>/scripts/test-order.mjs',
  // A worker keeps the bundle of every test file that it ever ran.
  workerIdleMemoryLimit: '1GB',
  projects: [
    project('unit', 'unit'),
    project('faults', 'faults'),
    project('simulator', 'simulator', withPython),
    project('kubernetes', 'kubernetes', withApiServer('kubernetes')),
    project('moto', 'moto', withPython),
    project('process', 'process', withApiServer('process')),
  ],
};
