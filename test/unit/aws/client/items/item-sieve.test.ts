import { Readable } from 'node:stream';
import { DescribeVpcEndpointsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect, test } from '@jest/globals';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import fc from 'fast-check';
import {
  createItemSieve,
  type Siftable,
  siftAnswer,
} from '../../../../../src/aws/client/items/item-sieve.ts';
import type { AnswerSieve } from '../../../../../src/aws/client/operations.ts';
import { createSdkTransport } from '../../../../../src/aws/client/sdk-transport.ts';
import { toCloudError } from '../../../../../src/aws/client/to-cloud-error.ts';
import { countTurns } from '../../../../time/count-turns.ts';

const action = 'ec2:DescribeVpcEndpoints';
const { signal } = new AbortController();

/** Settings of a client whose requests get an answer of AWS's. */
function answeredBy(bodyOf: () => Uint8Array | Readable, statusCode = 200) {
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async () => ({ response: { statusCode, headers: {}, body: bodyOf() } }),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  } as unknown as NodeHttpHandler;
  const credentials = async () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret' });
  return { region: 'us-east-1', credentials, requestHandler };
}

function clientThatIsAnswered(bodyOf: () => Uint8Array): EC2Client {
  return new EC2Client({ ...answeredBy(bodyOf), maxAttempts: 1 });
}

/** What the SDK makes of an answer of AWS's. */
async function parsedBySdk(
  body: Uint8Array | Readable,
  { sieve, statusCode }: { readonly sieve?: AnswerSieve; readonly statusCode?: number } = {},
) {
  const transport = createSdkTransport(answeredBy(() => body, statusCode));
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

function itemOf({ id, subnetIds, tags }: Omit<Drawn, 'id'> & { readonly id: string }): string {
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

/** The error of a call that must have one. */
function errorOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => {
      throw new Error('there was no error');
    },
    (thrown: unknown) => thrown,
  );
}

/** A sieve that knows some of the digests, until they are of no use. */
function sieveKnowing(known: ReadonlyMap<string, string>) {
  const digests = new Map(known);
  return createItemSieve<string>({
    action,
    list: 'vpcEndpointSet',
    member: 'VpcEndpoints',
    knownBy: (digest) => digests.get(digest),
    onUncut: () => digests.clear(),
  });
}

/** @param mostItems that the SDK is given at a time @default as many as the operator gives it */
async function sifted(
  body: Uint8Array | Readable,
  known: ReadonlyMap<string, string> = new Map(),
  mostItems?: number,
) {
  const sieve = sieveKnowing(known);
  const { member } = sieve;
  const inParts: AnswerSieve = {
    member,
    begin() {
      const answer = sieve.begin();
      return {
        add: (piece) => answer.add(piece),
        documents: () => answer.documents(mostItems),
      };
    },
  };
  const output = await parsedBySdk(body, { sieve: mostItems === undefined ? sieve : inParts });
  return { items: sieve.items(output.VpcEndpoints ?? []), output };
}

test('items are as the SDK alone reads them, in their order, but for those that are known by their words', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(endpointDrawn, { maxLength: 6 }),
      fc.array(endpointDrawn, { maxLength: 3 }),
      text,
      fc.constantFrom(undefined, 1, 2, 3),
      async (drawn, others, token, mostItems) => {
        const before = await sifted(
          Buffer.from(answerOf([...drawn.slice(2), ...others].map(itemOf))),
          new Map(),
          mostItems,
        );
        const known = new Map(
          before.items.map((item) => [
            item.digest ?? '',
            JSON.stringify('parsed' in item && item.parsed),
          ]),
        );
        const body = Buffer.from(answerOf(drawn.map(itemOf), token));
        const plain = await parsedBySdk(body);
        const { items, output } = await sifted(body, known, mostItems);
        expect(output.NextToken).toBe(plain.NextToken);
        const read = items.map((item) =>
          'known' in item ? item.known : JSON.stringify(item.parsed),
        );
        expect(read).toEqual((plain.VpcEndpoints ?? []).map((one) => JSON.stringify(one)));
        const texts = new Set([...drawn.slice(2), ...others].map(itemOf));
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
    answerOf([item]).replace(/<vpcEndpointSet>.*<.vpcEndpointSet>/s, '$&$&'),
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

test('an answer that cannot be cut after all is no answer once an item was let go of, and is parsed when it comes again', async () => {
  const { items } = await sifted(Buffer.from(answerOf([item])));
  const sieve = sieveKnowing(new Map(items.map(({ digest = '' }) => [digest, 'known'])));
  const pieces = [answerOf([item]), '<!-- the end -->'].map((one) => Buffer.from(one));
  const error = await errorOf(parsedBySdk(Readable.from(pieces), { sieve }));
  expect(toCloudError(action, error, signal)).toMatchObject({ code: 'IncompleteAnswer' });
  const { VpcEndpoints = [] } = await parsedBySdk(Readable.from(pieces), { sieve });
  expect(sieve.items(VpcEndpoints)).toMatchObject([{ parsed: { VpcEndpointId: 'vpce-1' } }]);
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
  const error = await errorOf(sifted(broken));
  expect(toCloudError(action, error, signal)).toMatchObject({ kind: 'Unavailable' });
});

test('an error is not sifted', async () => {
  const body =
    '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>';
  const sieve: AnswerSieve = {
    member: 'VpcEndpoints',
    begin() {
      throw new Error('there are no items');
    },
  };
  const error = await errorOf(parsedBySdk(Buffer.from(body), { sieve, statusCode: 403 }));
  expect(toCloudError(action, error, signal)).toMatchObject({ kind: 'Denied' });
});

test('new items are parsed in several turns of the event loop, those that are known in one', async () => {
  const items = Array.from({ length: 500 }, (_item, at) =>
    itemOf({ id: `vpce-${at}`, subnetIds: [], tags: [] }),
  );
  const body = Buffer.from(answerOf(items));
  const turns = countTurns();
  const before = await sifted(body);
  expect(turns.count()).toBeGreaterThanOrEqual(9);
  expect(before.items).toHaveLength(500);
  const atFirst = turns.count();
  await sifted(body, new Map(before.items.map(({ digest = '' }) => [digest, 'known'])));
  expect(turns.count() - atFirst).toBeLessThan(5);
  turns.stop();
});

/** A sieve that makes these documents of any answer. */
function sieveMaking(documents: (answer: string) => readonly string[]): AnswerSieve {
  return {
    member: 'VpcEndpoints',
    begin: () => {
      let answer = '';
      return {
        add: (piece) => void (answer += piece),
        documents: () => documents(answer),
      };
    },
  };
}

const oneOf = (id: string): string => answerOf([itemOf({ id, subnetIds: [], tags: [] })]);

test('an answer of which the SDK cannot read a later part is no answer', async () => {
  const sieve = sieveMaking(() => [oneOf('vpce-1'), '<Answer><item>', oneOf('vpce-3')]);
  const error = await errorOf(parsedBySdk(Buffer.from(''), { sieve }));
  expect(toCloudError(action, error, signal)).toMatchObject({ kind: 'Unavailable' });
});

test('once nobody waits for an answer, its later parts are not read', async () => {
  const controller = new AbortController();
  const sieve = sieveMaking(() => {
    controller.abort(new Error('nobody waits'));
    return [oneOf('vpce-1'), oneOf('vpce-2')];
  });
  const command = new DescribeVpcEndpointsCommand({});
  siftAnswer(command as Siftable, sieve, controller.signal);
  const sent = clientThatIsAnswered(() => Buffer.from('')).send(command);
  await expect(sent).rejects.toThrow('nobody waits');
});

test('a request that the SDK repeats is answered by its last answer alone', async () => {
  const sieve = sieveMaking((answer) =>
    answer === '1'
      ? [oneOf('vpce-1'), '<Answer><item>', oneOf('vpce-2')]
      : [oneOf('vpce-3'), oneOf('vpce-4')],
  );
  const command = new DescribeVpcEndpointsCommand({});
  siftAnswer(command as Siftable, sieve, signal);
  const failures: unknown[] = [];
  command.middlewareStack.add(
    (next) => async (request) => {
      await next(request).catch((error: unknown) => void failures.push(error));
      return next(request);
    },
    { step: 'finalizeRequest', name: 'repeat' },
  );
  let requests = 0;
  const client = clientThatIsAnswered(() => {
    requests += 1;
    return Buffer.from(String(requests));
  });
  const { VpcEndpoints = [] } = await client.send(command);
  expect(VpcEndpoints.map(({ VpcEndpointId }) => VpcEndpointId)).toEqual(['vpce-3', 'vpce-4']);
  expect(failures).toHaveLength(1);
  expect(requests).toBe(2);
});

test('an answer with more or fewer items than its text is not believed', async () => {
  const { output } = await sifted(Buffer.from(answerOf([item])));
  const sieve = sieveKnowing(new Map());
  const answer = sieve.begin();
  answer.add(answerOf([item, item]));
  expect([...answer.documents()]).toHaveLength(1);
  expect(() => sieve.items(output.VpcEndpoints ?? [])).toThrow(
    'ec2:DescribeVpcEndpoints answered with items that cannot be told apart',
  );
});
