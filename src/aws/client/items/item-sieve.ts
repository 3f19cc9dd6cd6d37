/** Items of an answer that were read before, word by word, and need no parsing. */
import { hash } from 'node:crypto';
import type { DeserializeMiddleware, MiddlewareStack } from '@smithy/types';
import { textOfStream } from '../../../runtime/text-of-stream.ts';
import { incompleteAnswer } from '../incomplete-answer.ts';
import { itemTextsIn } from './item-texts.ts';
import type { AnswerSieve, AwsAction } from '../operations.ts';

/** Takes the items that are known out of one answer. */
export interface ItemSieve<Fact> extends AnswerSieve {
  /**
   * All items of the answer in AWS's order.
   *
   * @param parsed the items that the SDK found in the text that `sift` returned
   */
  items<Parsed>(parsed: readonly Parsed[]): readonly SiftedItem<Fact, Parsed>[];
}

/** An item that is known, or as the SDK parsed it; with the digest of its text where that was seen. */
export type SiftedItem<Fact, Parsed> =
  | { readonly digest: string; readonly known: Fact }
  | { readonly digest?: string; readonly parsed: Parsed };

/** The items to sift, and the facts that are known. */
export interface ItemSieveOptions<Fact> {
  readonly action: AwsAction;
  /** The XML element that holds the items, such as `vpcEndpointSet`. */
  readonly list: string;
  /** The fact of the item whose text has the digest, if it may be taken as it is. */
  knownBy(digest: string): Fact | undefined;
}

/** Creates a sieve for one call. Where the call is repeated, `items` are those of its last answer. */
export function createItemSieve<Fact>(options: ItemSieveOptions<Fact>): ItemSieve<Fact> {
  return new Sieve(options);
}

class Sieve<Fact> implements ItemSieve<Fact> {
  private readonly options: ItemSieveOptions<Fact>;
  /** Of the items of the answer; undefined where it can't be cut into items. */
  private digests: readonly string[] | undefined;
  private readonly known = new Map<string, Fact>();

  constructor(options: ItemSieveOptions<Fact>) {
    this.options = options;
  }

  sift(text: string): string {
    const { list, knownBy } = this.options;
    const cut = itemTextsIn(text, list);
    const digests = cut?.items.map((item) => hash('sha1', item, 'base64'));
    this.digests = digests;
    this.known.clear();
    if (cut === undefined || digests === undefined) return text;
    const unknown = cut.items.filter((_item, place) => {
      const digest = digests[place] ?? '';
      const fact = knownBy(digest);
      if (fact !== undefined) this.known.set(digest, fact);
      return fact === undefined;
    });
    return this.known.size === 0 ? text : [cut.before, ...unknown, cut.after].join('');
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

/** An SDK command, as far as a sieve needs it. */
export interface Siftable {
  readonly middlewareStack: { add: MiddlewareStack<object, object>['add'] };
}

/** Lets the sieve see the command's answer before the SDK parses it; of an error there is nothing to sift. */
export function siftAnswer({ middlewareStack }: Siftable, sieve: AnswerSieve): void {
  const sift: DeserializeMiddleware<object, object> = (next) => async (request) => {
    const result = await next(request);
    const response = result.response as HttpAnswer;
    if (response.statusCode !== 200) return result;
    const text = await textOf(response.body);
    response.body = Buffer.from(sieve.sift(text));
    return result;
  };
  middlewareStack.add(sift, { step: 'deserialize', priority: 'low', name: 'siftAnswer' });
}

interface HttpAnswer {
  readonly statusCode: number;
  body: Uint8Array | AsyncIterable<Uint8Array>;
}

async function textOf(body: HttpAnswer['body']): Promise<string> {
  return body instanceof Uint8Array ? Buffer.from(body).toString('utf8') : textOfStream(body);
}
