/** Tests are ES modules; run with NODE_OPTIONS=--experimental-vm-modules (npm test does). */
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
    transform: { '^.+\\.ts$': swc },
    testEnvironment: 'node',
    ...extra,
  };
}

export default {
  projects: [
    project('unit', 'unit'),
    project('simulator', 'simulator'),
    project('kubernetes', 'kubernetes'),
    project('moto', 'moto'),
    project('process', 'process'),
  ],
};
