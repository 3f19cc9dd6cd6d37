import { managedGroups, notebookPolicies, ownEndpoints } from '../at-aws.ts';
import type { Chapter } from '../telling.ts';
import { isLive } from '../../test/process/cluster/seen-at-aws.ts';
import { must, until } from '../waiting.ts';

/** The end of both links. */
export const gone: Chapter = {
  title: 'The links are deleted; nothing of them is left',
  async tell(telling) {
    const { stage, region, cast } = telling;
    const names = [cast.link, cast.rival].map(({ metadata }) => metadata.name);
    await stage.remove(names);
    await until(telling, 'the links are gone', async () => {
      const links = await Promise.all(names.map((name) => stage.link(name)));
      return links.every((link) => link === undefined);
    });
    const left = {
      endpoints: ownEndpoints(region).length,
      groups: managedGroups(region).length,
      policies: notebookPolicies(telling).length,
    };
    must(
      Object.values(left).every((count) => count === 0),
      `nothing is left, but ${JSON.stringify(left)}`,
    );
    const others = region
      .endpoints()
      .filter(isLive)
      .map(({ id }) => id);
    must(others.join() === cast.theirs, "the other team's endpoint alone is still there");
    return {
      lines: [
        `AWS has no endpoint, security group or IAM policy of them; it has the other team's ${cast.theirs}.`,
      ],
      facts: { left, others },
    };
  },
};
