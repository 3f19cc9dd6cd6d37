import * as iam from '@aws-sdk/client-iam';
import { describe, expect, test } from '@jest/globals';
import { reasons } from '../../../../src/api/conditions.ts';
import { codeOfName, kindOfCode } from '../../../../src/aws/client/error-table.ts';
import { itemError } from '../../../../src/aws/client/to-cloud-error.ts';
import type { Actor, ErrorMeaning } from '../../../../src/plan/aws-errors/error-row.ts';
import { errorRows, isKnownCode, meaningOf } from '../../../../src/plan/aws-errors/error-table.ts';
import { findingFromError } from '../../../../src/plan/cloud-problems.ts';
import { cloudErrorKinds } from '../../../model/cloud-error-kinds.ts';
import { documentedCodes } from './documented-codes.ts';

/** What a user reads of a call that AWS refused with this code and text. */
function readOf(code: string, text = '', place: { vpcId?: string; groupId?: string } = {}) {
  const error = itemError('ec2:CreateVpcEndpoint', code, text);
  const found = findingFromError({ error, subject: 'EndpointsAvailable', ...place });
  return 'wait' in found ? { ...found.wait, severity: 'wait' as const } : found.problem;
}

function meaning(code: string, text = ''): ErrorMeaning {
  return meaningOf({ code, text, kind: kindOfCode(code, text, 400) });
}

describe('the codes that AWS documents', () => {
  test.each(documentedCodes)('$code is one of $what', ({ code, what }) => {
    expect(isKnownCode(code)).toBe(true);
    const { kind, reason, severity, actor, quota } = meaning(code);
    switch (what) {
      case 'things that are missing':
        expect(kind).toBe('NotFound');
        break;
      case 'limits':
        expect([kind, reason, severity]).toEqual(['Quota', 'QuotaExceeded', 'stalled']);
        expect(quota).toBeDefined();
        break;
      case 'mistakes of a request':
        expect([kind, severity]).toEqual(['Invalid', 'stalled']);
        break;
      case 'troubles of credentials':
        expect([kind, reason]).toEqual(['Credentials', 'CredentialsInvalid']);
        break;
      case 'troubles of the account':
        expect([kind, reason]).toEqual(['Credentials', 'AccountNotReady']);
        expect(['AccountAdministrator', 'AWSSupport']).toContain(actor);
        break;
      case 'missing permissions':
        expect([kind, reason]).toEqual(['Denied', 'AccessDenied']);
        break;
      case 'transitions':
        expect([kind, severity, actor]).toEqual(['InTransition', 'wait', 'Nobody']);
        break;
      case 'uses by others':
        expect([kind, severity]).toEqual(['InUse', 'wait']);
        break;
      case 'names and addresses that are taken':
        expect([kind, severity]).toEqual(['Conflict', 'stalled']);
        break;
      case 'requests to slow down':
        expect([kind, reason, severity]).toEqual(['Throttled', 'Throttled', 'retry']);
        break;
      case 'failures of AWS':
        expect([kind, severity]).toEqual(['Unavailable', 'retry']);
        break;
      default:
        what satisfies never;
    }
  });

  /** Only operations that the operator never makes throw these. */
  const ofOtherOperations =
    /^(AccountNotManagement|CredentialReport|DuplicateCertificate|DuplicateSSHPublicKey|EntityTemporarily|FeatureDisabled|FeatureEnabled|IAMService|InvalidAuthenticationCode|InvalidCertificate|InvalidPublicKey|InvalidUserType|KeyPairMismatch|MalformedCertificate|NameConflict|RoleModified|RoleTemplateDisabled|OpenIdIdp|OrganizationNot|PasswordPolicy|PolicyEvaluation|ReportGeneration|ServiceAccessNotEnabled|ServiceNotSupported|ServiceProvider|UnrecognizedPublicKey|CallerIsNotManagementAccount)/;
  const exceptions = Object.keys(iam).filter(
    (name) => name.endsWith('Exception') && !ofOtherOperations.test(name),
  );

  test("IAM's exceptions are known by their codes on the wire", () => {
    expect(exceptions.length).toBeGreaterThan(8);
    expect(exceptions.filter((name) => !isKnownCode(codeOfName(name)))).toEqual([]);
  });
});

describe('the table', () => {
  test('has a row for each class, reasons that exist, and whole sentences', () => {
    for (const row of errorRows) {
      expect(cloudErrorKinds).toContain(row.kind);
      expect(Object.keys(reasons)).toContain(row.reason);
      expect(row.advice).toMatch(/^[A-Z].*[.]$/);
    }
    for (const kind of cloudErrorKinds) {
      const known = meaningOf({ code: 'NeverHeardOf', text: '', kind });
      expect(known.kind).toBe(kind);
    }
  });

  test('has each code once without a text, or each time for another text', () => {
    const plain = errorRows
      .filter(({ text, forCredentials }) => text === undefined && forCredentials !== true)
      .flatMap(({ codes }) => codes);
    expect(plain.toSorted()).toEqual([...new Set(plain)].toSorted());
  });

  test('names in the advice whoever has to act, unless it is the reader', () => {
    const words: Partial<Readonly<Record<Actor, RegExp>>> = {
      OrganizationAdministrator: /organization/,
      AccountAdministrator: /administrator/,
      NetworkOwner: /owner of (the|that) VPC/,
      ResourceOwner: /[Aa]sk (its|the|the resource's) owner/,
      AWSSupport: /AWS Support/,
    };
    for (const { actor, advice } of errorRows) expect(advice).toMatch(words[actor] ?? /./);
  });

  test('asks before it says delete', () => {
    for (const { advice, actor } of errorRows.filter(({ kind }) => kind === 'Conflict')) {
      expect(advice).toMatch(/[Aa]sk/);
      const asks = advice.search(/[Aa]sk (its|the) owner/);
      const deletes = advice.search(/delete|dissociate|remove/i);
      if (deletes >= 0) expect(asks).toBeLessThan(deletes);
      expect(actor).not.toBe('Nobody');
    }
  });
});

describe('what a user reads', () => {
  test('an address in use is no matter of DNS', () => {
    const { reason, message } = readOf('InvalidIPAddress.InUse', 'Address 10.0.1.17 is in use.');
    expect(reason).toBe('AddressInUse');
    expect(message).toContain('10.0.1.17');
    expect(message).not.toMatch(/DNS/);
    expect(readOf('InvalidParameterValue', 'Address 10.0.1.17 is in use.').reason).toBe(reason);
  });

  test('a subnet without addresses is no quota', () => {
    const { reason, message, severity } = readOf('InsufficientFreeAddressesInSubnet', 'none left');
    expect([reason, severity]).toEqual(['InsufficientFreeAddresses', 'stalled']);
    expect(message).not.toMatch(/higher quota|Service Quotas/);
  });

  test('a quota is named with its code and the VPC', () => {
    const { message } = readOf('VpcEndpointLimitExceeded', 'limit reached', { vpcId: 'vpc-1' });
    expect(message).toContain(
      'The quota is "Interface VPC endpoints per VPC" (Service Quotas: vpc/L-29B6F2EB, for VPC vpc-1).',
    );
    const rules = readOf('RulesPerSecurityGroupLimitExceeded', 'limit', {
      vpcId: 'vpc-1',
      groupId: 'sg-1',
    });
    expect(rules.message).toContain('vpc/L-0EA8095F, for sg-1 in VPC vpc-1');
    const role = readOf('LimitExceeded', 'Cannot exceed quota for PoliciesPerRole: 20', {
      vpcId: 'vpc-1',
    });
    expect(role.message).toContain('iam/L-0DA4ABF3');
    expect(role.message).not.toContain('vpc-1');
  });

  test('a source group of another network needs a person', () => {
    const text = 'You have specified two resources that belong to different networks.';
    const { reason, severity, message } = readOf('InvalidGroup.NotFound', text);
    expect([reason, severity]).toEqual(['SecurityGroupNotFound', 'stalled']);
    expect(message).toMatch(/peered.*CIDR block/);
    expect(readOf('InvalidGroup.NotFound', "The group 'sg-1' does not exist").severity).toBe(
      'wait',
    );
  });

  test('a region that does not exist can only be spelt right in another link', () => {
    const error = itemError('ec2:DescribeVpcs', 'RegionNotFound', '');
    const read = (deleting: boolean): string =>
      JSON.stringify(findingFromError({ error, subject: 'NetworkResolved', deleting }));
    expect(read(false)).toMatch(/cannot be changed: delete the link/);
    expect(read(true)).toMatch(/remove the finalizer .* by hand/);
    expect(read(true)).not.toMatch(/delete the link/);
  });

  test('a hosted zone in the way is named, and its owner is asked first', () => {
    const names = ['api.sagemaker.REGION.amazonaws.com', '*.notebook.REGION.sagemaker.aws'];
    for (const region of ['eu-west-1', 'us-gov-west-1', 'cn-north-1']) {
      for (const name of names.map((one) => one.replace('REGION', region))) {
        const text = `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${name} in the VPC vpc-0a1`;
        const { reason, message } = readOf('InvalidParameter', text);
        expect(reason).toBe('PrivateDNSConflict');
        expect(message).toContain(`${name} in the VPC vpc-0a1`);
        expect(message).toContain(
          `"aws route53 list-hosted-zones-by-vpc --vpc-id vpc-0a1 --vpc-region ${region}"`,
        );
        expect(message).not.toMatch(/VPC_/);
        expect(message).toMatch(/Ask the owner first.*dissociate/);
      }
    }
  });

  test.each([
    ['TagPolicyViolation', 'The tag policy', 'TagPolicyViolation', /tag policy.*spec\.tags/],
    ['OperationNotPermitted', 'managed', 'RefusedByAWS', /no missing permission/],
    ['OptInRequired', 'You are not subscribed', 'AccountNotReady', /enable the region/],
    ['Blocked', 'Your account is blocked', 'AccountNotReady', /AWS Support/],
    [
      'AuthFailure',
      'AWS was not able to validate the provided access credentials',
      'CredentialsInvalid',
      /not able to validate.*clock.*enable/,
    ],
    [
      'AuthFailure',
      'You do not have permission to access the specified resource.',
      'AccessDenied',
      /do not have permission to access the specified resource/,
    ],
    [
      'AuthFailure',
      'Authorization header or parameters are not formatted correctly.',
      'CredentialsInvalid',
      /not formatted correctly/,
    ],
    ['RequestExpired', 'Request has expired.', 'CredentialsInvalid', /clock.*credentials/],
    [
      'SignatureDoesNotMatch',
      'Signature expired: 20261128T100000Z is now earlier than 20261128T101500Z',
      'CredentialsInvalid',
      /clock of the node/,
    ],
    ['SignatureDoesNotMatch', 'The request signature', 'CredentialsInvalid', /secret key is wrong/],
    ['InvalidServiceName', 'The Vpc Endpoint Service', 'ServiceNotFound', /spec\.endpoints/],
    ['CallBudgetSpent', '', 'WaitingForCallBudget', /place in the line/],
  ])('%s "%s" is %s', (code, text, reason, words) => {
    const read = readOf(code, text);
    expect(read.reason).toBe(reason);
    expect(read.message).toMatch(words);
  });
});
