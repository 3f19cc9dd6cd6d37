import { connect as connectTcp, type Socket } from 'node:net';
import {
  checkServerIdentity,
  connect as connectTls,
  type PeerCertificate,
  rootCertificates,
  type TLSSocket,
} from 'node:tls';
import type { Connection, SeenCertificate } from '../observation.ts';

/** Where to connect. */
export interface TcpRequest {
  readonly address: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** Where to connect, and as which name. The time is for TCP, and again for TLS. */
export interface ConnectionRequest extends TcpRequest {
  /** The name that the certificate has to be for. */
  readonly name: string;
  /** Authorities in PEM that are trusted beside the usual ones. */
  readonly authorities?: string | undefined;
}

/** Opens TCP and TLS to an address, looks at the certificate and closes. Never rejects. */
export async function openConnection(request: ConnectionRequest): Promise<Connection> {
  const startedMs = performance.now();
  const tcp = await openTcp(request);
  if (!('socket' in tcp)) return tcp;
  try {
    const tls = await openTls(tcp.socket, request);
    return tls.kind === 'Opened' ? { ...tls, ms: performance.now() - startedMs } : tls;
  } finally {
    tcp.socket.destroy();
  }
}

/** Whether TCP opens to an address. Never rejects. */
export async function answersTcp(request: TcpRequest): Promise<boolean> {
  const tcp = await openTcp(request);
  if (!('socket' in tcp)) return false;
  tcp.socket.destroy();
  return true;
}

function openTcp({
  address,
  port,
  timeoutMs,
}: TcpRequest): Promise<{ readonly socket: Socket } | Connection> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host: address, port });
    const timer = setTimeout(() => end({ kind: 'TimedOut' }), timeoutMs);
    function end(result: Connection): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    }
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.removeAllListeners('error');
      // Errors from now on show on the TLS socket.
      socket.on('error', () => undefined);
      resolve({ socket });
    });
    socket.once('error', (error) => end(failureOf(error)));
  });
}

function failureOf(error: Error & { readonly code?: string }): Connection {
  const detail = error.code ?? error.message;
  switch (error.code) {
    case 'ETIMEDOUT':
      return { kind: 'TimedOut' };
    case 'ECONNREFUSED':
      return { kind: 'Refused' };
    case 'EPERM':
    case 'EACCES':
      return { kind: 'Forbidden', detail };
    case 'ECONNRESET':
      return { kind: 'Refused' };
    default:
      return { kind: 'NoRoute', detail };
  }
}

function openTls(
  tcp: Socket,
  { name, timeoutMs, authorities }: ConnectionRequest,
): Promise<Connection> {
  return new Promise((resolve) => {
    const trusted = authorities === undefined ? {} : { ca: [...rootCertificates, authorities] };
    const socket = connectTls({
      socket: tcp,
      servername: name,
      rejectUnauthorized: false,
      ...trusted,
    });
    const timer = setTimeout(
      () => end({ kind: 'NotTls', detail: 'nothing comes back' }),
      timeoutMs,
    );
    function end(result: Connection): void {
      clearTimeout(timer);
      socket.destroy();
      resolve(result);
    }
    socket.once('secureConnect', () =>
      end({ kind: 'Opened', certificate: certificateOf(socket, name), ms: 0 }),
    );
    socket.once('error', (error) => end({ kind: 'NotTls', detail: tlsWords(error) }));
    socket.once('close', () => end({ kind: 'NotTls', detail: 'the connection is closed' }));
  });
}

/** OpenSSL's words for an answer in plain HTTP. */
function tlsWords(error: Error & { readonly code?: string }): string {
  const isPlain = /wrong version number|http request|packet length too long/i.test(error.message);
  return isPlain ? 'an answer as of plain HTTP' : (error.code ?? error.message);
}

/** OpenSSL's codes for a certificate whose time has not come or is over. */
const timeCodes: readonly string[] = ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID'];

function certificateOf(socket: TLSSocket, name: string): SeenCertificate {
  const certificate = socket.getPeerCertificate();
  const code = chainFault(socket);
  return {
    names: certificate.subjectaltname ?? '',
    isForName: isForName(certificate, name),
    issuer: issuerOf(certificate),
    isExpired: code !== undefined && timeCodes.includes(code),
    ...(code === undefined || timeCodes.includes(code) ? {} : { distrust: code }),
  };
}

/** Node puts a name that is not covered into the same field, which is judged by itself here. */
function chainFault({ authorizationError }: TLSSocket): string | undefined {
  const fault: unknown = authorizationError;
  const code = fault instanceof Error ? (fault as { readonly code?: string }).code : fault;
  if (typeof code !== 'string' || code === 'ERR_TLS_CERT_ALTNAME_INVALID') return undefined;
  return code;
}

function isForName(certificate: PeerCertificate, name: string): boolean {
  return checkServerIdentity(name, certificate) === undefined;
}

function issuerOf({ issuer }: PeerCertificate): string {
  const { O: organization, CN: commonName } = issuer ?? {};
  return [organization, commonName].flat().filter(Boolean).join(', ') || 'an unnamed authority';
}
