// Generated from botocore 1.44.5 by scripts/aws-models.py. Do not edit.
import type { ServiceModel } from '../service-model.ts';

/** Parameters of the actions that are simulated, and the names of all others. */
export const stsModel: ServiceModel = {
  versions: ["2011-06-15"],
  actions: {
  },
  filters: {
  },
  otherActions: ["AssumeRole","AssumeRoleWithSAML","AssumeRoleWithWebIdentity","AssumeRoot","DecodeAuthorizationMessage","GetAccessKeyInfo","GetCallerIdentity","GetDelegatedAccessToken","GetFederationToken","GetSessionToken","GetWebIdentityToken"],
};
