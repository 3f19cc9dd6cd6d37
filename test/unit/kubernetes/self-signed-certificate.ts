import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface SelfSignedCertificate {
  readonly cert: string;
  readonly key: string;
}

/**
 * Makes a certificate for 127.0.0.1, and for a name if one is given, that is its own authority.
 * Node can sign, but not issue.
 */
export function createSelfSignedCertificate(
  commonName: string,
  dnsName?: string,
): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsaWithSha256 = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
  const name = sequence(
    tagged(0x31, sequence(oid([0x55, 0x04, 0x03]), tagged(0x0c, Buffer.from(commonName)))),
  );
  const validity = sequence(time('20200101000000Z'), time('21200101000000Z'));
  const dnsNames = dnsName === undefined ? [] : [tagged(0x82, Buffer.from(dnsName))];
  const subjectAltName = sequence(
    oid([0x55, 0x1d, 0x11]),
    tagged(0x04, sequence(tagged(0x87, Buffer.from([127, 0, 0, 1])), ...dnsNames)),
  );
  const basicConstraints = sequence(
    oid([0x55, 0x1d, 0x13]),
    tagged(0x04, sequence(tagged(0x01, Buffer.from([0xff])))),
  );
  const toBeSigned = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    validity,
    name,
    publicKeyInfo(publicKey),
    tagged(0xa3, sequence(subjectAltName, basicConstraints)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const certificate = sequence(toBeSigned, ecdsaWithSha256, bitString(signature));
  return {
    cert: pem(certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function publicKeyInfo(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

function tagged(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 0x80 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return tagged(0x30, ...content);
}

function oid(bytes: readonly number[]): Buffer {
  return tagged(0x06, Buffer.from(bytes));
}

function time(text: string): Buffer {
  return tagged(0x18, Buffer.from(text));
}

function bitString(content: Buffer): Buffer {
  return tagged(0x03, Buffer.from([0]), content);
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
