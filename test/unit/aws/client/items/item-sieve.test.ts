import { Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import fc from 'fast-check';
import { createItemSieve } from '../../../../../src/aws/client/items/item-sieve.ts';
import { itemTextsIn } from '../../../../../src/aws/client/items/item-texts.ts';
import type { AnswerSieve } from '../../../../../src/aws/client/operations.ts';
import { createSdkTransport } from '../../../../../src/aws/client/sdk-transport.ts';
import { toCloudError } from '../../../../../src/aws/client/to-cloud-error.ts';

const action = 'ec2:DescribeVpcEndpoints';
const { signal } = new AbortController();

/** What the SDK makes of an answer of AWS's. */
async function parsedBySdk(
  body: Uint8Array | Readable,
  { sieve, statusCode = 200 }: { readonly sieve?: AnswerSieve; readonly statusCode?: number } = {},
) {
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async () => ({ response: { statusCode, headers: {}, body } }),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  } as unknown as NodeHttpHandler;
  const credentials = async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret' });
  const transport = createSdkTransport({ region: 'us-east-1', credentials, requestHandler });
  return transport.send(action, {}, { signal, sieve });
}

/** Text as it stands in XML, which may look like markup to whoever reads it carelessly. */
const text = fc.oneof(
  fc.constantFrom('a', '<item>', '</item>', '</vpcEndpointSet>', 'é & "b"', ' x ', ']]>'),
  fc.string({ maxLength: 6, unit: 'grapheme-ascii' }),
);
const escaped = (one: string): string =>
  one.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const endpointDrawn = fc.record({
  id: fc.constantFrom('vpce-1', 'vpce-2', 'vpce-3'),
  subnetIds: fc.array(fc.constantFrom('subnet-1', 'subnet-2'), { maxLength: 3 }),
  tags: fc.array(fc.record({ key: text, value: text }), { maxLength: 3 }),
});
type Drawn = typeof endpointDrawn extends fc.Arbitrary<infer T> ? T : never;

function itemOf({ id, subnetIds, tags }: Drawn): string {
  const tagItems = tags.map(
    ({ key, value }) => `<item><key>${escaped(key)}</key><value>${escaped(value)}</value></item>`,
  );
  const subnets = subnetIds.map((one) => `\n    <item>${one}</item>`);
  return `<item>
    <vpcEndpointId>${id}</vpcEndpointId>
    <subnetIdSet>${subnets.join('')}</subnetIdSet>
    ${tags.length === 0 ? '<tagSet/>' : `<tagSet>${tagItems.join('')}</tagSet>`}
  </item>`;
}

function answerOf(items: readonly string[], token = ''): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcEndpointsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>1</requestId>
  <vpcEndpointSet>
  ${items.join('\n  ')}
  </vpcEndpointSet>${token === '' ? '' : `<nextToken>${escaped(token)}</nextToken>`}
</DescribeVpcEndpointsResponse>`;
}

/** A sieve that knows some of the digests. */
function sieveKnowing(known: ReadonlyMap<string, string>) {
  const list = 'vpcEndpointSet';
  const member = 'VpcEndpoints';
  return createItemSieve<string>({ action, list, member, knownBy: (digest) => known.get(digest) });
}

async function sifted(body: Uint8Array | Readable, known: ReadonlyMap<string, string> = new Map()) {
  const sieve = sieveKnowing(known);
  const output = await parsedBySdk(body, { sieve });
  return { items: sieve.items(output.VpcEndpoints ?? []), output };
}

test('items are as the SDK alone reads them, in their order, but for those that are known by their words', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(endpointDrawn, { maxLength: 6 }),
      fc.array(endpointDrawn, { maxLength: 3 }),
      text,
      async (drawn, others, token) => {
        const before = await sifted(
          Buffer.from(answerOf([...drawn.slice(1), ...others].map(itemOf))),
        );
        const known = new Map(
          before.items.map((item) => [
            item.digest ?? '',
            JSON.stringify('parsed' in item && item.parsed),
          ]),
        );
        const body = Buffer.from(answerOf(drawn.map(itemOf), token));
        const plain = await parsedBySdk(body);
        const { items, output } = await sifted(body, known);
        expect(output.NextToken).toBe(plain.NextToken);
        const read = items.map((item) =>
          'known' in item ? item.known : JSON.stringify(item.parsed),
        );
        expect(read).toEqual((plain.VpcEndpoints ?? []).map((one) => JSON.stringify(one)));
        const texts = new Set([...drawn.slice(1), ...others].map(itemOf));
        expect(items.map((item) => 'known' in item)).toEqual(
          drawn.map((one) => texts.has(itemOf(one))),
        );
      },
    ),
  );
}, 60_000);

const item = itemOf({ id: 'vpce-1', subnetIds: ['subnet-1'], tags: [] });

test.each([
  ['a comment', answerOf([item.replace('subnet-1', '<!--</item><item>-->')])],
  ['literal text', answerOf([item.replace('subnet-1', '<![CDATA[</item><item>]]>')])],
  ['an item with an attribute', answerOf([item.replace('<item>', '<item n="1">')])],
  [
    'another list of the same name',
    answerOf([item, `<item><vpcEndpointSet>${item}</vpcEndpointSet></item>`]),
  ],
  ['an instruction', answerOf([item, '<?php echo ?>'])],
  ['no list', answerOf([item]).replaceAll('vpcEndpointSet', 'vpcEndpoints')],
  [
    'an empty list',
    answerOf([]).replace(/<vpcEndpointSet>\s*<\/vpcEndpointSet>/, '<vpcEndpointSet/>'),
  ],
])('an answer with %s is read by the SDK alone', async (_what, body) => {
  const plain = await parsedBySdk(Buffer.from(body));
  const { items } = await sifted(Buffer.from(body));
  expect(items).toEqual((plain.VpcEndpoints ?? []).map((parsed) => ({ parsed })));
});

test('an answer whose items do not end is left to the SDK as it is', () => {
  const answer = answerOf([item, '<item><item></item>']);
  expect(itemTextsIn(answer, 'vpcEndpointSet')).toBeUndefined();
  expect(itemTextsIn(answerOf([item]), 'vpcEndpointSet')?.items).toHaveLength(1);
});

test('an answer that comes in pieces is one text', async () => {
  const body = Buffer.from(answerOf([item.replace('subnet-1', 'sübnet')]));
  const pieces = [...body].map((byte) => Buffer.from([byte]));
  const { items } = await sifted(Readable.from(pieces));
  expect(items).toMatchObject([{ parsed: { SubnetIds: ['sübnet'] } }]);
});

test('an answer whose connection breaks is no answer', async () => {
  const broken = Readable.from(
    (function* () {
      yield Buffer.from(answerOf([item]).slice(0, 100));
      throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
    })(),
  );
  const error = await sifted(broken).catch((thrown: unknown) => thrown);
  expect(toCloudError(action, error, signal)).toMatchObject({ kind: 'Unavailable' });
});

test('an error is not sifted', async () => {
  const body =
    '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>';
  const sieve: AnswerSieve = {
    member: 'VpcEndpoints',
    sift() {
      throw new Error('there are no items');
    },
  };
  const error = await parsedBySdk(Buffer.from(body), { sieve, statusCode: 403 }).catch(
    (thrown: unknown) => thrown,
  );
  expect(toCloudError(action, error, signal)).toMatchObject({ kind: 'Denied' });
});

test('an answer with more or fewer items than its text is not believed', async () => {
  const { output } = await sifted(Buffer.from(answerOf([item])));
  const sieve = sieveKnowing(new Map());
  sieve.sift(answerOf([item, item]));
  expect(() => sieve.items(output.VpcEndpoints ?? [])).toThrow(
    'ec2:DescribeVpcEndpoints answered with items that cannot be told apart',
  );
});
