/** The verdicts for people. Pure. */
import { hostAndPort } from './host-and-port.ts';
import type { EndpointVerdict, LinkVerdict } from './verdict.ts';

interface Line {
  readonly subject: string;
  readonly outcome: string;
  readonly message: string;
  readonly advice?: string;
}

/** A paragraph for each link: its endpoints, their names and addresses, and what to do. */
export function verdictText({ name, reachable, endpoints, unknown, shut }: LinkVerdict): string {
  return [
    `${name}: ${reachable ? 'reachable' : 'not reachable'}`,
    ...endpoints.flatMap(endpointLines),
    ...unknown.flatMap(({ serviceName, ...rest }) => [
      `  ${serviceName}`,
      ...lines({ subject: '', outcome: 'Unknown', ...rest }),
    ]),
    ...(shut.length === 0 ? [] : ['  must not answer']),
    ...shut.flatMap(({ address, port, ...rest }) =>
      lines({ subject: hostAndPort(address, port), ...rest }),
    ),
  ].join('\n');
}

function endpointLines({ serviceName, endpointId, names, addresses }: EndpointVerdict): string[] {
  return [
    `  ${serviceName} (${endpointId})`,
    ...names.flatMap(({ name, ...rest }) => lines({ subject: name, ...rest })),
    ...addresses.flatMap(({ zone, address, ...rest }) =>
      lines({ subject: `${zone} ${address}`, ...rest }),
    ),
  ];
}

function lines({ subject, outcome, message, advice }: Line): string[] {
  const head = `    ${[subject, outcome].filter(Boolean).join('  ')}`;
  return advice === undefined ? [head] : [head, `      ${message}`, `      ${advice}`];
}
