import { endpointFor } from '../at-aws.ts';
import { tableLines } from '../before-and-after.ts';
import { office, roleName, thief } from '../cast.ts';
import { decideUse, documentsOf, type RoleDocument, type Source } from '../notebook-url.ts';
import type { Chapter } from '../telling.ts';
import { must } from '../waiting.ts';

/** A presigned URL that got into wrong hands, used from three places. */
export const stolenUrl: Chapter = {
  title: 'A stolen notebook URL is of no use outside of the office',
  async tell({ region, account, cast, memory }) {
    const endpointId = endpointFor(region, 'notebook').id;
    const inside: Source = {
      words: `the VPC, through ${endpointId}`,
      context: { 'aws:SourceVpce': endpointId, 'aws:SourceVpc': cast.vpcId },
    };
    const documents = documentsOf(account, cast.roleArn);
    const decide = (among: readonly RoleDocument[], source: Source) =>
      decideUse(among, cast.roleArn, cast.notebookArn, source);
    const rows = await Promise.all(
      [thief, office, inside].map(async (source) => ({
        way: source.words,
        before: await decide(memory.documents ?? [], source),
        after: await decide(documents, source),
      })),
    );
    must(rows.map(({ before }) => before).join() === 'allowed,allowed,allowed', 'all was open');
    must(
      rows.map(({ after }) => after).join() === 'denied,allowed,allowed',
      'the thief alone is denied',
    );
    const names = documents.map(({ name }) => name).join(', ');
    return {
      lines: [
        ...tableLines('the URL opens from', rows),
        `By the policies of ${roleName} in IAM (${names}); decided by iam-simulate, which is not ours.`,
      ],
      facts: { documents, rows, context: inside.context },
    };
  },
};
