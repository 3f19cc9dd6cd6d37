/** How many times more random cases than usual: SMPL_RUNS_FACTOR=10 npm test. @default 1 */
export const runsFactor = Number(process.env['SMPL_RUNS_FACTOR'] ?? 1);
