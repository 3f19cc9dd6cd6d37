/** Certificates as a private authority gives them out. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { webcrypto } from 'node:crypto';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

/** A certificate and its key, both in PEM. */
export interface KeyedCertificate {
  readonly cert: string;
  readonly key: string;
}

/** A server's certificate. */
export interface CertificateRequest {
  /** Names of the alternative-name extension; `*.` for every name one label longer. */
  readonly names: readonly string[];
  /** Days from now; negative: in the past. @default 1 */
  readonly validDays?: number;
}

export interface CertificateAuthority {
  /** In PEM: what clients trust. */
  readonly cert: string;
  issue(request: CertificateRequest): Promise<KeyedCertificate>;
}

/** Makes an authority of its own: nobody trusts it who was not told to. */
export async function createCertificateAuthority(name = 'Test CA'): Promise<CertificateAuthority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const issuer = `CN=${name}`;
  const root = await X509CertificateGenerator.createSelfSigned({
    name: issuer,
    keys,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(true, undefined, true)],
    ...validity(1),
  });
  return {
    cert: root.toString('pem'),
    async issue({ names, validDays = 1 }) {
      const own = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const certificate: X509Certificate = await X509CertificateGenerator.create({
        subject: `CN=${names[0] ?? 'nobody'}`,
        issuer,
        publicKey: own.publicKey,
        signingKey: keys.privateKey,
        signingAlgorithm: algorithm,
        extensions: [
          new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
        ],
        ...validity(validDays),
      });
      return { cert: certificate.toString('pem'), key: await pemOf(own.privateKey) };
    },
  };
}

/** From a year ago to so many days from now. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  const nowMs = Date.now();
  return { notBefore: new Date(nowMs - 365 * dayMs), notAfter: new Date(nowMs + days * dayMs) };
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64');
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replace(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`;
}
