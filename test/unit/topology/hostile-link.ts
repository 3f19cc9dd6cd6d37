/** A link of a fixed shape, all of whose texts a hostile author or a hostile resource has written. */
import fc from 'fast-check';
import type { LinkView } from '../../../src/topology/topology.ts';
import { troubledLink } from './sample-links.ts';

const attempts = [
  '"]; evil["x',
  '"] --> evil["x"]',
  '<script>alert(1)</script>',
  '</text></svg><script>',
  "' onload='alert(1)",
  '" onload="alert(1)',
  ']]>',
  '<!--',
  '&lt;script&gt;&#0;&nbsp;',
  '\\',
  '\\"]; evil [label="x',
  '\\N\\G\\L',
  '<b>x</b>',
  '#quot;]',
  '#9829; #x; #',
  '%%{init: {"theme": "dark"}}%%',
  '`**bold**`',
  'end',
  'click a href "javascript:alert(1)"',
  'subgraph evil',
  '\n  evil --> evil2\n',
  '"\n}\nevil -> x\n{',
  ':::evil',
  '\u202e\u0000\u001b[2J\ufffe\ud800',
];

/** Any text, the attempts above more often than others. */
const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...attempts),
  fc.array(fc.constantFrom(...attempts), { minLength: 2, maxLength: 4 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 40 }),
);

/** The link with texts in the places of all that somebody else writes. */
function hostileLink(texts: readonly string[]): LinkView {
  let index = 0;
  const next = (): string => texts[index++ % texts.length] ?? '';
  const { spec, status = {} } = troubledLink;
  const wanted = spec.notebookAccess;
  if (wanted === undefined) throw new Error('the sample has notebook access');
  return {
    name: next(),
    spec: {
      ...spec,
      region: next(),
      account: next(),
      vpc: { tags: { [next()]: next() } },
      securityGroup: { ingress: [{ cidr: '10.0.0.0/16', description: next() }] },
      notebookAccess: { ...wanted, allowedCIDRs: [next()], attachTo: { roles: [next()] } },
      clients: {
        namespaceSelector: {
          matchExpressions: [{ key: next(), operator: 'In', values: [next()] }],
        },
      },
    },
    status: {
      ...status,
      account: next(),
      vpcId: next(),
      endpoints: (status.endpoints ?? []).map((one) => ({
        ...one,
        id: next(),
        state: next(),
        dnsNames: [next()],
        privateDNS: true,
      })),
      securityGroup: { id: next(), managed: true },
      notebookAccess: { policyArn: next(), versionId: next(), attachedTo: { users: [next()] } },
      clients: { namespaces: 3, ready: 2, failing: [{ namespace: next(), message: next() }] },
      conditions: (status.conditions ?? []).map((one) => ({
        ...one,
        reason: next(),
        message: next(),
      })),
      drift: (status.drift ?? []).map((one) => ({
        ...one,
        resource: next(),
        field: next(),
        actual: next(),
      })),
    },
  };
}

/** The same shape with harmless texts. */
export const harmlessLink: LinkView = hostileLink(['harmless']);

/** Hostile links of the shape of `harmlessLink`. */
export const hostileLinks: fc.Arbitrary<LinkView> = fc
  .array(hostileText, { minLength: 1, maxLength: 40 })
  .map(hostileLink);
