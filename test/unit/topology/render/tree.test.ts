import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linkTopology } from '../../../../src/topology/link-topology.ts';
import { treeText } from '../../../../src/topology/render/tree.ts';
import type { LinkView } from '../../../../src/topology/topology.ts';
import { newLink, troubledLink, wellLink } from '../sample-links.ts';

const plain = { width: 80, color: false };

function tree(link: LinkView): string {
  return treeText(linkTopology(link), plain);
}

test('a link in trouble reads from the top to the cause', () => {
  expect(tree(troubledLink)).toBe(
    `! ml-broken (eu-west-1, 111122223333): Ready=False (PrivateDNSConflict)
├ ✓ VPC vpc-main
│ ├ ✓ eu-west-1a  subnet-0
│ └ ✓ eu-west-1b  subnet-1
├ ✗ security group sg-0aaa (the operator's)
│ │ sg-0aaa has a rule too many.
│ └ TCP 443 from 10.0.0.0/16 (the VPC)
├ endpoints
│ ├ ✓ api  vpce-00000000000000001  available
│ │ ├ private DNS on
│ │ │ └ api.sagemaker.eu-west-1.amazonaws.com
│ │ ├ ✓ eu-west-1a  10.0.0.1  available
│ │ └ ✗ eu-west-1b  missing
│ └ ! runtime  absent
│   │ Private DNS of com.amazonaws.eu-west-1.sagemaker.runtime in vpc-main is
│   │ taken by vpce-0f0f0f0f0f0f0f0f0, which belongs to SageMakerPrivateLink
│   │ other of another cluster. Ask its owner first: others may rely on it.
│   ├ ! in the way: vpce-0f0f0f0f0f0f0f0f0
│   ├ private DNS unknown
│   ├ ! eu-west-1a  missing
│   └ ! eu-west-1b  missing
├ ! notebook policy smpl-ml v3
│ │ Stranger has it, too.
│ ├ allows 203.0.113.0/24
│ ├ allows this link's endpoints
│ ├ ✗ role DataScientist  not restricted yet
│ └ ! role Stranger  not in the spec
├ ! namespaces (ml=true): 2 of 3 served
│ │ fraud: not ours.
│ └ ✗ fraud
│     ConfigMap sagemaker-endpoints is not ours.
└ ✗ changed by somebody else
  └ sg-0aaa ingress
      is 0.0.0.0/0, the spec says absent; since 2026-11-02T00:00:00Z`,
  );
});

test('links that are well, or not looked at, need no colours to say so', () => {
  expect(tree(wellLink)).not.toMatch(/[✗!?…]/);
  expect(tree(newLink)).not.toMatch(/[✗!✓]/);
  expect(tree(newLink)).toContain('security group not looked at (');
  expect(tree(newLink)).toContain('The operator has not looked at it yet.');
});

test('no line is longer than the terminal, whatever names and messages there are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.integer({ min: 60, max: 120 }),
      (text, width) => {
        const status = troubledLink.status;
        const conditions = status?.conditions?.map((one) => ({ ...one, message: text })) ?? [];
        const word = text.replaceAll(' ', '-');
        const endpoints = status?.endpoints?.map((one) => ({ ...one, dnsNames: [word] })) ?? [];
        const link = { ...troubledLink, name: text, status: { ...status, conditions, endpoints } };
        const lines = treeText(linkTopology(link), { width, color: false }).split('\n');
        const longest = Math.max(...lines.map((line) => Array.from(line).length));
        expect(longest).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('nothing that a user wrote moves the cursor', () => {
  const link = { ...wellLink, name: 'evil\u001b[2Jname\r\n' };
  // oxlint-disable-next-line no-control-regex -- these are the ones that are meant
  expect(tree(link).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
});
