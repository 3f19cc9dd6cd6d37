import { expect, test } from '@jest/globals';
import { authoritiesOf } from '../../../../src/cli/verify/authorities.ts';
import { createCertificateAuthority } from '../../../environment/certificates.ts';

test('certificates in PEM are taken, with whatever stands between them', async () => {
  const { cert } = await createCertificateAuthority('first');
  const { cert: other } = await createCertificateAuthority('second');
  const text = `# ours\n${cert}\n# theirs\n${other}`;
  expect(authoritiesOf(text)).toBe(text);
});

test('a file without a certificate, and one with a broken certificate, is refused', async () => {
  expect(() => authoritiesOf('kind: SageMakerPrivateLink\n')).toThrow('has no certificate');
  expect(() => authoritiesOf('')).toThrow('has no certificate');
  const { cert } = await createCertificateAuthority('cut');
  const broken = cert.replace(/\n[^\n]{20}/, '\n');
  expect(() => authoritiesOf(`${cert}\n${broken}`)).toThrow('number 2 cannot be read');
});
