import type {
  SageMakerPrivateLinkSpec,
  SageMakerPrivateLinkStatus,
} from '../../api/sagemaker-private-link.ts';
import type { ClientsView } from '../clients/status/clients-view.ts';
import type { OwnerIdentity } from '../looks.ts';
import type { VerificationView } from '../verification/verification-view.ts';
import type { Remembered } from '../plan-input.ts';

/** Everything that a report depends on. */
export interface ReportInput {
  readonly owner: OwnerIdentity;
  readonly spec: SageMakerPrivateLinkSpec;
  readonly generation: number;
  readonly deleting: boolean;
  readonly former: SageMakerPrivateLinkStatus;
  readonly remembered: Remembered;
  /** How the namespaces of the link are. @default not looked after */
  readonly clients?: ClientsView;
  /** The findings of pods about the endpoints. @default this operator starts none */
  readonly verification?: VerificationView;
  /** RFC 3339, to the second. */
  readonly now: string;
  /** Value of the annotation that asked for this look, if there is one. */
  readonly reconcileRequestedAt?: string;
}
