import type { ManagedPolicy, PolicyDocument } from '../../../../src/plan/facts.ts';

export const arn = 'arn:aws:iam::1:policy/sagemaker-privatelink/p';

export function documentOf(sid: string): PolicyDocument {
  return { Version: '2012-10-17', Statement: [{ Sid: sid, Effect: 'Deny', Action: '*' }] };
}

/** A policy as a read tells of it; what a test is about it says itself. */
export function managedPolicy(fields: Partial<ManagedPolicy> = {}): ManagedPolicy {
  return {
    arn,
    name: 'p',
    tags: {},
    defaultVersionId: 'v1',
    document: documentOf('v1'),
    attachedTo: [],
    boundaryUses: 0,
    ...fields,
  };
}
