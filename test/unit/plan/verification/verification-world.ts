/** Pods and namespaces as a planner of verifications sees them. */
import { encodeReport, type VerificationReport } from '../../../../src/api/verification-report.ts';
import type {
  SageMakerPrivateLink,
  VerifySpec,
} from '../../../../src/api/sagemaker-private-link.ts';
import { basisOf } from '../../../../src/plan/clients/status/basis.ts';
import type { ClientsView } from '../../../../src/plan/clients/status/clients-view.ts';
import type { VerificationInput } from '../../../../src/plan/verification/plan-verification.ts';
import type { VerificationPod } from '../../../../src/plan/verification/run-outcome.ts';
import {
  type PodManifest,
  podAnnotations,
} from '../../../../src/plan/verification/verification-pod.ts';
import { clientLink, type LinkParts } from '../clients/client-links.ts';

/** 2026-01-01, in ms: the time of day when the monotonic clock is at 0. */
const midnight = Date.UTC(2026, 0, 1);
export const minute = 60_000;

/** The defaults of the schema. */
const plainVerify: VerifySpec = {
  maxNamespaces: 5,
  podsPerNamespace: 1,
  interval: '30m',
  mustNotAnswer: [{ address: '169.254.169.254', port: 80 }],
};

/** A link that is verified. */
export function verifiedLink(verify: Partial<VerifySpec> = {}, parts: LinkParts = {}) {
  return clientLink({ ...parts, spec: { verify: { ...plainVerify, ...verify }, ...parts.spec } });
}

/** Namespaces that have what the link says. */
export function configured(link: SageMakerPrivateLink, ...names: readonly string[]): ClientsView {
  const result = { basis: basisOf(link), state: 'Ready' as const, message: '' };
  const namespaces = names.map((name) => ({ name, result }));
  return { kind: 'Known', cluster: { apiServer: [] } as never, namespaces, holding: [] };
}

export function inputWith(
  given: Partial<VerificationInput> & { readonly link: SageMakerPrivateLink | undefined },
): VerificationInput {
  const { now = 0, link } = given;
  return {
    clients: link === undefined ? { kind: 'Unknown', message: 'gone' } : configured(link, 'team-a'),
    labelsOf: () => ({}),
    pods: [],
    memory: new Map(),
    image: { reference: 'operator:1' },
    intervalMs: 30 * minute,
    now,
    wallTime: midnight + now,
    ...given,
  };
}

/** The pod that the API server makes of a manifest. */
export function podOf(
  { metadata }: PodManifest,
  now: number,
  given: Partial<VerificationPod> = {},
): VerificationPod {
  const { name, namespace, annotations, ownerReferences } = metadata;
  return {
    name,
    namespace,
    uid: `uid-${name}-${now}`,
    linkUid: ownerReferences[0]?.uid ?? '',
    run: annotations[podAnnotations.run] ?? '',
    pods: Number(annotations[podAnnotations.pods]),
    basis: annotations[podAnnotations.basis] ?? '',
    request: annotations[podAnnotations.request] ?? '',
    createdAt: timeAt(now),
    deleting: false,
    ...given,
  };
}

/** As the API server writes it. */
function timeAt(now: number): string {
  return new Date(midnight + now).toISOString().replace(/\.\d+/, '');
}

/** The end of a pod that told its verdict. */
export function told(
  report: VerificationReport,
  now: number,
): NonNullable<VerificationPod['ended']> {
  return { at: timeAt(now), message: encodeReport(report) };
}

export const allWell: VerificationReport = {
  reachable: true,
  zones: [{ zone: 'eu-west-1a', tried: 1, reached: 1 }],
  faults: [],
};

export const publicName: VerificationReport = {
  reachable: false,
  zones: [{ zone: 'eu-west-1a', tried: 1, reached: 1 }],
  faults: [{ reason: 'PublicAddresses', count: 1, zones: [], subjects: ['api.example'] }],
};
