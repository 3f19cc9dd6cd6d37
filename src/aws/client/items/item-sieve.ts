/** Items of an answer that were read before, word by word, and need no parsing. */
import { hash } from 'node:crypto';
import type { DeserializeMiddleware, MiddlewareStack } from '@smithy/types';
import { textOfStream } from '../../../runtime/text-of-stream.ts';
import { takeTurn } from '../../../runtime/turn.ts';
import { incompleteAnswer } from '../incomplete-answer.ts';
import { type ItemTexts, itemTextsIn } from './item-texts.ts';
import type { AnswerSieve, AwsAction } from '../operations.ts';

/** Takes the items that are known out of one answer. */
export interface ItemSieve<Fact> extends AnswerSieve {
  /**
   * All items of the answer in AWS's order.
   *
   * @param parsed the items that the SDK found in the documents of `sift`
   */
  items<Parsed>(parsed: readonly Parsed[]): readonly SiftedItem<Fact, Parsed>[];
}

/** An item that is known, or as the SDK parsed it; with the digest of its text where that was seen. */
export type SiftedItem<Fact, Parsed> =
  | { readonly digest: string; readonly known: Fact }
  | { readonly digest?: string; readonly parsed: Parsed };

/** Whether the SDK parsed the item: it was not known. */
export function isParsed(item: SiftedItem<unknown, unknown>): boolean {
  return 'parsed' in item;
}

/** The items to sift, and the facts that are known. */
export interface ItemSieveOptions<Fact> {
  readonly action: AwsAction;
  /** The XML element that holds the items, such as `vpcEndpointSet`. */
  readonly list: string;
  /** The same in the SDK's output, such as `VpcEndpoints`. */
  readonly member: string;
  /** The fact of the item whose text has the digest, if it may be taken as it is. */
  knownBy(digest: string): Fact | undefined;
}

/** Creates a sieve for one call. Where the call is repeated, `items` are those of its last answer. */
export function createItemSieve<Fact>(options: ItemSieveOptions<Fact>): ItemSieve<Fact> {
  return new Sieve(options);
}

class Sieve<Fact> implements ItemSieve<Fact> {
  readonly member: string;
  private readonly options: ItemSieveOptions<Fact>;
  /** Of the items of the answer; undefined where it can't be cut into items. */
  private digests: readonly string[] | undefined;
  private readonly known = new Map<string, Fact>();

  constructor(options: ItemSieveOptions<Fact>) {
    this.options = options;
    this.member = options.member;
  }

  sift(text: string, mostItems = Number.POSITIVE_INFINITY): Iterable<string> {
    const { list, knownBy } = this.options;
    const cut = itemTextsIn(text, list);
    const digests = cut?.items.map((item) => hash('sha1', item, 'base64'));
    this.digests = digests;
    this.known.clear();
    if (cut === undefined || digests === undefined) return [text];
    const unknown = cut.items.filter((_item, place) => {
      const digest = digests[place] ?? '';
      const fact = knownBy(digest);
      if (fact !== undefined) this.known.set(digest, fact);
      return fact === undefined;
    });
    if (this.known.size === 0 && unknown.length <= mostItems) return [text];
    return documentsOf({ ...cut, items: unknown }, mostItems);
  }

  items<Parsed>(parsed: readonly Parsed[]): readonly SiftedItem<Fact, Parsed>[] {
    if (this.digests === undefined) return parsed.map((one) => ({ parsed: one }));
    const rest = [...parsed];
    if (this.digests.filter((digest) => !this.known.has(digest)).length !== rest.length) {
      throw incompleteAnswer(this.options.action, 'with items that cannot be told apart');
    }
    return this.digests.map((digest) => {
      const known = this.known.get(digest);
      return known === undefined ? { digest, parsed: rest.shift() as Parsed } : { digest, known };
    });
  }
}

/** Each is made when it is asked for: an answer is megabytes long. */
function* documentsOf({ before, items, after }: ItemTexts, mostItems: number): Iterable<string> {
  let from = 0;
  do {
    const some = items.slice(from, from + mostItems);
    yield [before, ...some, after].join('');
    from += mostItems;
  } while (from < items.length);
}

/** An SDK command, as far as a sieve needs it. */
export interface Siftable {
  readonly middlewareStack: { add: MiddlewareStack<object, object>['add'] };
}

/** Items that the SDK parses in one turn of the event loop: 500 new ones hold it for 50 to 75 ms. */
const mostParsedAtOnce = 50;

/**
 * Lets the sieve see the command's answer before the SDK parses it; of an error there is nothing to sift.
 * The SDK parses it in parts, each in a turn of the event loop. One middleware is above the SDK's reading of
 * answers and asks it for one part after the other; one is below, makes the request, and hands out the parts.
 *
 * @param signal between two parts nothing goes on once it has fired
 */
export function siftAnswer(
  { middlewareStack }: Siftable,
  sieve: AnswerSieve,
  signal: AbortSignal,
): void {
  const answer = new AnswerInParts();

  const handOut: DeserializeMiddleware<object, object> = (next) => async (request) => {
    if (!answer.hasMore()) {
      const result = await next(request);
      const response = result.response as HttpAnswer;
      if (response.statusCode !== 200) return result;
      const text = await textOf(response.body);
      answer.begin(response, sieve.sift(text, mostParsedAtOnce));
    }
    return { response: answer.next() };
  };

  const join: DeserializeMiddleware<object, object> = (next) => async (request) => {
    // A request that the SDK repeats is answered anew.
    answer.drop();
    const first = await next(request);
    if (!answer.hasMore()) return first;
    const items = [...itemsIn(first.output, sieve)];
    while (answer.hasMore()) {
      await takeTurn('slice');
      signal.throwIfAborted();
      const { output } = await next(request);
      items.push(...itemsIn(output, sieve));
    }
    return { ...first, output: { ...first.output, [sieve.member]: items } };
  };

  middlewareStack.add(handOut, { step: 'deserialize', priority: 'low', name: 'handOutParts' });
  middlewareStack.add(join, { step: 'deserialize', priority: 'high', name: 'joinParts' });
}

/** The parts of an answer that the SDK has not read yet; none at first. */
class AnswerInParts {
  private rest: { readonly response: HttpAnswer; readonly documents: Iterator<string> } | undefined;
  private upcoming: string | undefined;

  begin(response: HttpAnswer, documents: Iterable<string>): void {
    this.rest = { response, documents: documents[Symbol.iterator]() };
    this.advance();
  }

  drop(): void {
    this.rest = undefined;
    this.upcoming = undefined;
  }

  hasMore(): boolean {
    return this.upcoming !== undefined;
  }

  /** The response with the next part as its body. */
  next(): HttpAnswer {
    const { rest, upcoming } = this;
    if (rest === undefined || upcoming === undefined) throw new Error('no part is left');
    rest.response.body = Buffer.from(upcoming);
    this.advance();
    return rest.response;
  }

  private advance(): void {
    const upcoming = this.rest?.documents.next();
    this.upcoming = upcoming?.done === true ? undefined : upcoming?.value;
  }
}

function itemsIn(output: object | undefined, { member }: AnswerSieve): readonly unknown[] {
  const items: unknown = Reflect.get(output ?? {}, member);
  return Array.isArray(items) ? items : [];
}

interface HttpAnswer {
  readonly statusCode: number;
  body: Uint8Array | AsyncIterable<Uint8Array>;
}

async function textOf(body: HttpAnswer['body']): Promise<string> {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : textOfStream(body);
}
