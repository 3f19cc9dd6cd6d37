/**
 * The seed of all property tests: a run can be repeated, and what fails once fails again. Another
 * one, for a search: SMPL_PROPERTY_SEED=$RANDOM npm test
 */
import fc from 'fast-check';

fc.configureGlobal({ seed: Number(process.env['SMPL_PROPERTY_SEED'] ?? 20_261_123) });
