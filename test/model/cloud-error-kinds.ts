import type { CloudErrorKind } from '../../src/plan/cloud.ts';

const kinds: Readonly<Record<CloudErrorKind, true>> = {
  NotFound: true,
  Throttled: true,
  Denied: true,
  Credentials: true,
  InUse: true,
  InTransition: true,
  Conflict: true,
  Quota: true,
  Invalid: true,
  Unavailable: true,
  Aborted: true,
  Unknown: true,
};

/** Every kind of failure; the type above makes a new one show up here. */
export const cloudErrorKinds = Object.keys(kinds) as CloudErrorKind[];
