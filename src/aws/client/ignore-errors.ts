import { CloudError, type CloudErrorKind } from '../../plan/cloud.ts';

/** Runs a change for which some failures mean that it was done before. */
export async function ignoreErrors(
  kind: CloudErrorKind,
  change: () => Promise<unknown>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof CloudError) || error.kind !== kind) throw error;
  }
}
