import { https, isAllowed } from '../client-pod.ts';
import { internetAddress, roleName, thief, trainer } from '../cast.ts';
import { decideUse, documentsOf } from '../notebook-url.ts';
import type { Chapter } from '../telling.ts';
import { addressesIn, publicAddress } from '../vpc-resolver.ts';
import { must } from '../waiting.ts';

/** The three ways over the internet, before there is a link. */
export const before: Chapter = {
  title: 'Without a link everything goes over the internet',
  async tell({ stage, account, resolver, cast, memory }) {
    const addresses = addressesIn(await resolver.resolve(cast.apiName));
    must(addresses.join() === publicAddress, `${cast.apiName} is public`);
    const policies = await stage.policies(trainer.namespace);
    const { destination } = https('the internet', internetAddress);
    must(isAllowed(policies, trainer, destination), 'a pod may reach the internet');
    const documents = documentsOf(account, cast.roleArn);
    const use = await decideUse(documents, cast.roleArn, cast.notebookArn, thief);
    must(use === 'allowed', 'a presigned URL works from anywhere');
    Object.assign(memory, { policies, documents });
    return {
      lines: [
        `${cast.apiName} is ${addresses.join(', ')} (stands for SageMaker's public address).`,
        `The pod ${trainer.namespace}/${trainer.name} may reach ${internetAddress}, and so anything.`,
        `A notebook URL that ${roleName} presigned opens from ${thief.words}.`,
      ],
      facts: { addresses, policies: policies.map(({ manifest }) => manifest), use },
    };
  },
};
