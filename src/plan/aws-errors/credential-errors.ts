/** Failures of credentials and of accounts: nothing can be done before somebody repairs them. */
import { denialCodes, type ErrorRow } from './error-row.ts';

const invalid = {
  kind: 'Credentials',
  reason: 'CredentialsInvalid',
  severity: 'stalled',
} as const;

const accountNotReady = {
  kind: 'Credentials',
  reason: 'AccountNotReady',
  severity: 'stalled',
} as const;

/** Nothing is asked of AWS for an account that the operator may not work in. */
const accountRefused = {
  severity: 'stalled',
  actor: 'OperatorAdministrator',
  where: "a word of the operator's own, about spec.account",
} as const;

export const credentialErrors: readonly ErrorRow[] = [
  {
    ...invalid,
    codes: denialCodes,
    forCredentials: true,
    where: 'sts:AssumeRole or sts:AssumeRoleWithWebIdentity is denied',
    actor: 'AccountAdministrator',
    advice:
      "Give the operator an IAM role (IRSA or EKS Pod Identity); for a named account, a role there that trusts it: ask that account's administrator (deploy/iam has both policies).",
  },
  {
    ...invalid,
    codes: ['IncompleteAnswer'],
    forCredentials: true,
    where: "a word of the operator's own: a session without credentials",
    actor: 'OperatorAdministrator',
    advice: 'Check what answers in the place of STS: an endpoint of AWS_ENDPOINT_URL_STS, a proxy.',
  },
  {
    ...invalid,
    codes: ['NoCredentials'],
    where: "a word of the operator's own: the credential chain found nothing",
    actor: 'OperatorAdministrator',
    advice:
      'Give the operator an IAM role (IRSA or EKS Pod Identity), or a profile or keys where it runs without a cluster; for a named account, a role there that trusts it.',
  },
  {
    ...invalid,
    codes: ['AuthFailure'],
    actor: 'OperatorAdministrator',
    advice:
      "AWS does not take the operator's credentials in this region. Check them and the clock of the node; in a region that accounts have to enable first, ask the account's administrator to enable it (aws account get-region-opt-status tells).",
  },
  {
    ...invalid,
    codes: [
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
      'InvalidSecurity.RequestHasExpired',
    ],
    text: /expired|not yet current|earlier than|later than|timestamp/i,
    where: 'the time of the signature',
    actor: 'OperatorAdministrator',
    advice:
      'The clock of the node that the operator runs on differs too much from that of AWS. Set it right (chrony, the Amazon Time Sync Service).',
  },
  {
    ...invalid,
    codes: ['RequestExpired', 'RequestTimeTooSkewed', 'InvalidSecurity.RequestHasExpired'],
    actor: 'OperatorAdministrator',
    advice:
      'The clock of the node that the operator runs on differs too much from that of AWS, or temporary credentials have run out. Set the clock right (chrony, the Amazon Time Sync Service), and see that the credentials are renewed.',
  },
  {
    ...invalid,
    codes: ['ExpiredToken', 'ExpiredTokenException'],
    actor: 'OperatorAdministrator',
    advice:
      "Temporary credentials have run out and were not renewed. Check what hands them out: the service account's token, the Pod Identity agent, or the profile.",
  },
  {
    ...invalid,
    codes: ['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId'],
    actor: 'OperatorAdministrator',
    advice:
      "AWS does not know these credentials: they were deleted, are of another partition, or the region is one that the account's administrator has to enable first.",
  },
  {
    ...invalid,
    codes: ['SignatureDoesNotMatch', 'InvalidSignatureException', 'IncompleteSignature'],
    actor: 'OperatorAdministrator',
    advice:
      'The secret key is wrong, or something between the operator and AWS (a proxy, an endpoint of AWS_ENDPOINT_URL) changes its requests. Check both.',
  },
  {
    ...invalid,
    codes: ['MissingAuthenticationToken'],
    actor: 'OperatorAdministrator',
    advice:
      'The request arrived without a signature. Check what stands between the operator and AWS (a proxy, an endpoint of AWS_ENDPOINT_URL).',
  },
  {
    ...invalid,
    codes: ['InvalidIdentityToken', 'IDPRejectedClaim', 'IDPCommunicationError'],
    actor: 'AccountAdministrator',
    advice:
      "STS does not take the service account's token. Ask the account's administrator to check the OIDC provider of the cluster in IAM and the role's trust policy (deploy/iam has one).",
  },
  {
    ...accountNotReady,
    codes: ['OptInRequired'],
    actor: 'AccountAdministrator',
    advice:
      "The account has not signed up for this service or region. Ask the account's administrator to enable the region (aws account enable-region), and to complete the account's registration if it is new.",
  },
  {
    ...accountNotReady,
    codes: ['RegionDisabledException', 'RegionDisabled'],
    actor: 'AccountAdministrator',
    advice:
      "STS is not active for this account in the region. Ask the account's administrator to activate it in the account settings of IAM.",
  },
  {
    ...accountNotReady,
    codes: ['PendingVerification'],
    actor: 'AWSSupport',
    advice: 'AWS is still verifying the account. Wait, or ask AWS Support.',
  },
  {
    ...accountNotReady,
    codes: ['Blocked', 'AccountDisabled', 'SubscriptionRequired'],
    actor: 'AWSSupport',
    advice: 'AWS does not serve the account at present. Its administrator has to ask AWS Support.',
  },
  {
    ...accountRefused,
    codes: ['UnknownAccount'],
    kind: 'Invalid',
    reason: 'UnknownAccount',
    advice: 'Nothing is looked at or changed until whoever runs the operator has changed that.',
  },
  {
    ...accountRefused,
    codes: ['AccountChanged'],
    kind: 'Invalid',
    reason: 'AccountChanged',
    advice: 'Nothing is looked at or changed until whoever runs the operator has changed that.',
  },
  {
    ...accountRefused,
    codes: ['WrongAccount'],
    kind: 'Credentials',
    reason: 'WrongAccount',
    advice: "Correct the operator's account map.",
  },
];
