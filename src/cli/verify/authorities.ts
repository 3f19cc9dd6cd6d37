import { X509Certificate } from 'node:crypto';

const certificates =
  /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[\s\S]*?-----END (?:TRUSTED |X509 )?CERTIFICATE-----/g;

/**
 * The text as it is, once it is known to hold certificates in PEM: TLS ignores what it cannot read.
 *
 * @throws RangeError for a text without a certificate, or with one that cannot be read
 */
export function authoritiesOf(text: string): string {
  const found = text.match(certificates) ?? [];
  if (found.length === 0) {
    throw new RangeError(
      'has no certificate: give one or more in PEM (-----BEGIN CERTIFICATE-----)',
    );
  }
  const bad = found.findIndex((pem) => !isCertificate(pem));
  if (bad < 0) return text;
  throw new RangeError(
    `has ${found.length} certificates in PEM, of which number ${bad + 1} cannot be read`,
  );
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).serialNumber !== '';
  } catch {
    return false;
  }
}
