/** Values of a status that cannot be dialled, found before anything is. Pure. */
import { isIPv4, isIPv6 } from 'node:net';
import type { SageMakerPrivateLinkStatus } from '../api/sagemaker-private-link.ts';

/** A value that a person or another tool wrote into a status. */
export interface StatusFault {
  /** The field, such as `status.endpoints[0].url`. */
  readonly path: string;
  /** The fault and the form that is right, without the path. */
  readonly message: string;
}

/** Every URL, name and address of the endpoints that has not the form of one. */
export function statusFaults({
  endpoints = [],
}: Pick<SageMakerPrivateLinkStatus, 'endpoints'>): readonly StatusFault[] {
  return endpoints.flatMap(({ url, dnsNames = [], networkInterfaces = [] }, index) => {
    const path = `status.endpoints[${index}]`;
    return [
      ...fault(`${path}.url`, url, isEndpointUrl, 'a URL such as https://api.example.com'),
      ...dnsNames.flatMap((name, at) =>
        fault(`${path}.dnsNames[${at}]`, name, isHostName, 'a DNS name such as api.example.com'),
      ),
      ...networkInterfaces.flatMap(({ ipv4, ipv6 }, at) => [
        ...fault(`${path}.networkInterfaces[${at}].ipv4`, ipv4, isIPv4, 'an IPv4 address'),
        ...fault(`${path}.networkInterfaces[${at}].ipv6`, ipv6, isIPv6, 'an IPv6 address'),
      ]),
    ];
  });
}

/** A file may have anything where the types say text. */
function fault(
  path: string,
  value: unknown,
  isRight: (text: string) => boolean,
  form: string,
): readonly StatusFault[] {
  if (value === undefined || (typeof value === 'string' && isRight(value))) return [];
  return [{ path, message: `${JSON.stringify(value)} is not ${form}` }];
}

/** As the operator writes it: `https://<name>[:port]`. */
function isEndpointUrl(text: string): boolean {
  const [, host, port = '443'] = /^https:\/\/([^/:]+)(?::(\d{1,5}))?\/?$/.exec(text) ?? [];
  return host !== undefined && isHostName(host) && Number(port) >= 1 && Number(port) <= 65_535;
}

/** RFC 1123, 63 characters a label and 253 together; the first label may be a wildcard. */
function isHostName(text: string): boolean {
  const labels = text.replace(/^\*\./, '').split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i.test(label))
  );
}
