import { endpointFor } from '../at-aws.ts';
import { tableLines } from '../before-and-after.ts';
import { internetAddress, trainer } from '../cast.ts';
import { clusterDns, https, isAllowed, type Place } from '../client-pod.ts';
import type { PolicyObject } from '../stage.ts';
import type { Chapter } from '../telling.ts';
import { addressesOf, publicAddress } from '../vpc-resolver.ts';
import { must, until } from '../waiting.ts';

/** The first packets of a pod, decided without and with the policy of its namespace. */
export const pods: Chapter = {
  title: 'A pod of a selected namespace has no other way out any more',
  async tell(telling) {
    const { stage, region, memory } = telling;
    const policies = await until(telling, `${trainer.namespace} has a NetworkPolicy`, async () => {
      const found = await stage.policies(trainer.namespace);
      return found.length > 0 && found;
    });
    const [address = ''] = addressesOf(region, endpointFor(region, 'api').id);
    const places: readonly Place[] = [
      https(`the endpoint, ${address}:443`, address),
      clusterDns,
      https(`SageMaker in public, ${publicAddress}:443`, publicAddress),
      https(`the internet, ${internetAddress}:443`, internetAddress),
    ];
    const decided = places.map((place) => {
      const [before, after] = [memory.policies ?? [], policies].map((one) => decide(one, place));
      return { way: place.words, destination: place.destination, before, after };
    });
    const rows = decided.map(({ way, before = '', after = '' }) => ({ way, before, after }));
    must(
      rows.map(({ before }) => before).join() === 'allowed,allowed,allowed,allowed',
      'all was open',
    );
    must(
      rows.map(({ after }) => after).join() === 'allowed,allowed,refused,refused',
      'what is not allowed is refused',
    );
    const names = policies.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
    return {
      lines: [
        ...tableLines(`${trainer.namespace}/${trainer.name} to`, rows),
        `By NetworkPolicy ${names}, ${stage.policySource}; decided by the evaluator of \`clients --audit\`.`,
      ],
      facts: { pod: trainer, policies: policies.map(({ manifest }) => manifest), decided },
    };
  },
};

function decide(policies: readonly PolicyObject[], { destination }: Place): string {
  return isAllowed(policies, trainer, destination) ? 'allowed' : 'refused';
}
