import type { CallPurpose } from '../call-purpose.ts';
import type { AwsAction } from '../client/operations.ts';

/** Operations of EC2 about tags. */
export const tagPurposes = {
  'ec2:CreateTags': { purpose: 'puts back tags that were removed, and takes over with `adoption`' },
  'ec2:DeleteTags': {
    purpose: 'removes tags that left `spec.tags`, and lets go with `deletionPolicy: Retain`',
  },
} as const satisfies Partial<Readonly<Record<AwsAction, CallPurpose>>>;
