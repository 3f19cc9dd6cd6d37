import { endpointFor } from '../at-aws.ts';
import type { Chapter } from '../telling.ts';
import { addressesIn, addressesOf, publicAddress } from '../vpc-resolver.ts';
import { must } from '../waiting.ts';

/** The name that every SDK dials, asked for during the whole creation. */
export const privateName: Chapter = {
  title: 'The same name is private now, and led nowhere in between',
  async tell({ region, resolver, cast, memory }) {
    const seen = (await memory.watch?.stop()) ?? [];
    delete memory.watch;
    const addresses = addressesIn(await resolver.resolve(cast.apiName));
    const unserved = resolver.unserved();
    must(unserved === 0, `no answer led to an endpoint without traffic, but ${unserved} did`);
    const { id } = endpointFor(region, 'api');
    const wanted = [...addressesOf(region, id)].sort();
    must(addresses.join() === wanted.join(), `${cast.apiName} is ${wanted.join(', ')}`);
    must(seen[0]?.addresses.join() === publicAddress, 'the name was public at first');
    must(seen.length === 2, `the name changed once: ${JSON.stringify(seen)}`);
    const [former, now] = seen;
    return {
      lines: [
        `${cast.apiName} is ${addresses.join(', ')} (${id}).`,
        `A resolver asked over UDP all the time: ${former?.times} times ${publicAddress}, then ${now?.times} times private. Answers that led to an endpoint that was not available yet: ${unserved}.`,
      ],
      facts: { addresses, endpointId: id, seen, unserved },
    };
  },
};
