import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { RequestCredentials } from './credentials.ts';
import type { ResolvedContext } from './kube-config-context.ts';
import { KubeConfigError } from './kube-config-error.ts';

/**
 * Certificates and keys that TLS could not use: Node would take an authority that is none for no
 * authority at all, and would say of a key which line of OpenSSL refused it.
 *
 * @throws KubeConfigError that names the field, and never its content
 */
export function refuseBadTls(
  { server, userName }: ResolvedContext,
  { ca, cert, key }: RequestCredentials['tls'],
): void {
  const who = `user ${JSON.stringify(userName)}`;
  if (ca !== undefined && ca.length > 0)
    certificateIn(ca, `certificate-authority of the cluster at ${server}`);
  if (cert === undefined || key === undefined) return;
  const certificate = certificateIn(cert, `client-certificate of ${who}`);
  if (certificate.checkPrivateKey(privateKeyIn(key, `client-key of ${who}`))) return;
  throw new KubeConfigError(`the client-key of ${who} is not the key of its client-certificate`);
}

const certificateBlock = /-----BEGIN (?:[A-Z0-9]+ )*CERTIFICATE-----/;

/** The first certificate in a text of them, as OpenSSL reads it: words around them do no harm. */
function certificateIn(text: string | Buffer, place: string): X509Certificate {
  try {
    if (certificateBlock.test(text.toString())) return new X509Certificate(text);
  } catch {
    // Its error names a line of OpenSSL.
  }
  throw new KubeConfigError(`the ${place} has no certificate in PEM, which begins with -----BEGIN`);
}

function privateKeyIn(text: string | Buffer, place: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(text);
  } catch {
    throw new KubeConfigError(
      `the ${place} is no private key in PEM without a passphrase, which begins with -----BEGIN`,
    );
  }
}
