import { stringify } from 'yaml';
import { endpointFor, everOwned, managedGroups, notebookPolicies } from '../at-aws.ts';
import type { Chapter } from '../telling.ts';
import { watchName } from '../vpc-resolver.ts';
import { must, until, untilReady } from '../waiting.ts';

/** The worst moment to die: AWS has made an endpoint, and its answer is not there yet. */
export const killed: Chapter = {
  title: 'A link is applied, and kill -9 strikes in the middle of the creation',
  async tell(telling) {
    const { stage, simulator, region, resolver, cast, view, memory } = telling;
    view.say(stringify(cast.link));
    memory.watch = await watchName(resolver.resolve, cast.apiName, 50);
    const silence = simulator.faults.add({
      action: 'CreateVpcEndpoint',
      when: 'after',
      effect: { kind: 'hang' },
    });
    await stage.apply(cast.link);
    await until(telling, 'AWS has made an endpoint', () => everOwned(region).length > 0);
    const pid = await stage.kill();
    const madeBefore = everOwned(region).map(({ id }) => id);
    silence.remove();
    view.step(`kill -9 ${pid}: AWS has made ${madeBefore.join(', ')}, and nobody was told.`);
    const successor = await stage.restart();
    view.step(`Started again as process ${successor}.`);
    await untilReady(telling, cast.link.metadata.name);
    const made = {
      endpoints: everOwned(region).map(({ id }) => id),
      groups: managedGroups(region).map(({ id }) => id),
      policies: notebookPolicies(telling).map(({ name }) => name),
    };
    must(made.endpoints.length === 2, '2 endpoints were made for 2 services');
    must(made.groups.length === 1, 'one security group was made');
    must(made.policies.length === 1, 'one notebook policy was made');
    must(
      madeBefore.every((id) => made.endpoints.includes(id)),
      'the endpoints of the killed process are in use',
    );
    const [api, notebook] = ['api', 'notebook'].map((one) => endpointFor(region, one).id);
    return {
      lines: [
        `Ready. Nothing was made twice: 2 endpoints (api ${api}, notebook ${notebook}), 1 security group, 1 IAM policy.`,
      ],
      facts: { pid, successor, madeBefore, made },
    };
  },
};
