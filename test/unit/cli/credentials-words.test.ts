import { expect, test } from '@jest/globals';
import { credentialsWords } from '../../../src/cli/credentials-check.ts';
import { CloudError } from '../../../src/plan/cloud.ts';

function words(code: string, message: string, environment: Record<string, string>): string {
  const action = 'sts:GetCallerIdentity';
  const error = new CloudError({ kind: 'Credentials', action, code, message, text: message });
  return credentialsWords({ error, environment });
}

test.each([
  [
    'NoCredentials',
    'sts:GetCallerIdentity has no AWS credentials to call with: Could not load credentials.',
    {},
    'no AWS credentials (neither AWS_PROFILE nor keys are set): Could not load credentials. Set AWS_PROFILE to',
  ],
  [
    'NoCredentials',
    'The SSO session associated with this profile has expired.',
    { AWS_PROFILE: 'corp' },
    'no AWS credentials (AWS_PROFILE=corp): The SSO session associated with this profile has expired. Run: aws sso login --profile corp',
  ],
  [
    'ExpiredToken',
    'sts:GetCallerIdentity failed: ExpiredToken: The security token included in the request is expired',
    { AWS_ACCESS_KEY_ID: 'ASIA' },
    'AWS does not take the credentials (from AWS_ACCESS_KEY_ID): sts:GetCallerIdentity failed: ExpiredToken: The security token included in the request is expired. Get new ones',
  ],
  [
    'InvalidClientTokenId',
    'sts:GetCallerIdentity failed: InvalidClientTokenId: The security token included in the request is invalid.',
    { AWS_ACCESS_KEY_ID: 'AKIA' },
    'AWS does not take the credentials (from AWS_ACCESS_KEY_ID): sts:GetCallerIdentity failed: InvalidClientTokenId: The security token included in the request is invalid. AWS does not know these credentials',
  ],
])('%s says what, where and what to do: %s', (code, message, environment, expected) => {
  expect(words(code, message, environment).startsWith(expected)).toBe(true);
});
