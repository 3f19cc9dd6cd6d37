/** A DNS server on this machine that says what a test wants it to say. */
import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import { AUTHORITATIVE_ANSWER, decode, encode } from 'dns-packet';
import { isIP } from 'node:net';

/**
 * The addresses of a name, of both families; or the way in which the server fails: it does not know
 * the name, cannot answer, will not, or says nothing.
 */
export type DnsRecord = readonly string[] | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED' | 'silence';

export interface DnsServer {
  /** As resolvers take it: `127.0.0.1:5353`. */
  readonly address: string;
  close(): Promise<void>;
}

/** RFC 1035, 4.1.1 */
const responseCodes = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5 } as const;

/** @param recordOf the record of a name; undefined for a name that there is not */
export async function startDnsServer(
  recordOf: (name: string) => DnsRecord | undefined,
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (message, client) => {
    const answer = answerTo(message, recordOf);
    if (answer !== undefined) send(answer, client);
  });
  function send(answer: Buffer, { port, address }: RemoteInfo): void {
    socket.send(answer, port, address);
  }
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    async close() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

function answerTo(
  message: Buffer,
  recordOf: (name: string) => DnsRecord | undefined,
): Buffer | undefined {
  const { id = 0, questions = [] } = decode(message);
  const [{ name, type } = { name: '', type: 'A' as const }] = questions;
  const record = recordOf(name) ?? 'NXDOMAIN';
  if (record === 'silence') return undefined;
  const code = typeof record === 'string' ? responseCodes[record] : 0;
  const addresses = typeof record === 'string' ? [] : record;
  const family = type === 'AAAA' ? 6 : 4;
  return encode({
    id,
    type: 'response',
    flags: AUTHORITATIVE_ANSWER | code,
    questions,
    answers: addresses
      .filter((address) => isIP(address) === family)
      .map((data) => ({ name, type: family === 6 ? ('AAAA' as const) : ('A' as const), data })),
  });
}
