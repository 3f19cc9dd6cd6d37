/** Items of an answer that were read before, word by word, and need no parsing. */
import { hash } from 'node:crypto';
import type { DeserializeMiddleware, MiddlewareStack } from '@smithy/types';
import { textsOfStream } from '../../../runtime/text-of-stream.ts';
import { takeTurn } from '../../../runtime/turn.ts';
import { incompleteAnswer } from '../incomplete-answer.ts';
import { type AroundItems, createItemCutter, type ItemCutter } from './item-cutter.ts';
import type { AnswerSieve, AwsAction, SiftedAnswer } from '../operations.ts';

/** Takes the items that are known out of one answer. */
export interface ItemSieve<Fact> extends AnswerSieve {
  /**
   * All items of the answer in AWS's order.
   *
   * @param parsed the items that the SDK found in the documents of the last answer that was begun
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
  /**
   * Called when an answer cannot be cut into items after all, and known ones were let go of already. The call
   * fails; when it is made again, no item may be known.
   */
  onUncut(): void;
}

/** Creates a sieve for one call. Where the call is repeated, `items` are those of its last answer. */
export function createItemSieve<Fact>(options: ItemSieveOptions<Fact>): ItemSieve<Fact> {
  return new Sieve(options);
}

class Sieve<Fact> implements ItemSieve<Fact> {
  readonly member: string;
  private readonly options: ItemSieveOptions<Fact>;
  private answer: CutAnswer<Fact> | undefined;

  constructor(options: ItemSieveOptions<Fact>) {
    this.options = options;
    this.member = options.member;
  }

  begin(): SiftedAnswer {
    this.answer = new CutAnswer(this.options);
    return this.answer;
  }

  items<Parsed>(parsed: readonly Parsed[]): readonly SiftedItem<Fact, Parsed>[] {
    const items = this.answer?.items;
    if (items === undefined) return parsed.map((one) => ({ parsed: one }));
    const rest = [...parsed];
    if (items.filter((item) => !('known' in item)).length !== rest.length) {
      throw incompleteAnswer(this.options.action, 'with items that cannot be told apart');
    }
    return items.map((item) =>
      'known' in item ? item : { ...item, parsed: rest.shift() as Parsed },
    );
  }
}

/** An answer whose known items are let go of as it comes: it is megabytes long, and never one text. */
class CutAnswer<Fact> implements SiftedAnswer {
  private readonly options: ItemSieveOptions<Fact>;
  private readonly cutter: ItemCutter;
  /** All of it, until an item was let go of. */
  private pieces: string[] | undefined = [];
  private readonly unknown: string[] = [];
  /** In AWS's order; undefined where the answer can't be cut into items. */
  items: CutItem<Fact>[] | undefined = [];

  constructor(options: ItemSieveOptions<Fact>) {
    this.options = options;
    this.cutter = createItemCutter(options.list);
  }

  add(piece: string): void {
    this.pieces?.push(piece);
    for (const item of this.cutter.add(piece)) {
      const digest = hash('sha1', item, 'base64');
      const known = this.options.knownBy(digest);
      if (known === undefined) {
        this.unknown.push(item);
        this.items?.push({ digest });
      } else {
        this.pieces = undefined;
        this.items?.push({ digest, known });
      }
    }
  }

  documents(mostItems = Number.POSITIVE_INFINITY): Iterable<string> {
    const around = this.cutter.end();
    if (around !== undefined) return documentsOf(around, this.unknown, mostItems);
    this.items = undefined;
    if (this.pieces !== undefined) return [this.pieces.join('')];
    this.options.onUncut();
    throw incompleteAnswer(this.options.action, 'with XML that cannot be cut into items');
  }
}

type CutItem<Fact> =
  | { readonly digest: string }
  | { readonly digest: string; readonly known: Fact };

/** Each is made when it is asked for: an answer is megabytes long. */
function* documentsOf(
  { before, after }: AroundItems,
  items: readonly string[],
  mostItems: number,
): Iterable<string> {
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
      answer.begin(response, await siftedDocuments(response.body, sieve));
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

async function siftedDocuments(
  body: HttpAnswer['body'],
  sieve: AnswerSieve,
): Promise<Iterable<string>> {
  const answer = sieve.begin();
  const chunks = body instanceof Uint8Array ? [body] : body;
  for await (const piece of textsOfStream(chunks)) answer.add(piece);
  return answer.documents(mostParsedAtOnce);
}
