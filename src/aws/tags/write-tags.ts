import type { CreateTags, DeleteTags } from '../../plan/tags/actions.ts';
import { tagsToSdk } from '../client/tags.ts';
import { ignoreErrors } from '../client/ignore-errors.ts';
import type { WriteContext } from '../write-context.ts';

export async function createTags(
  { resourceIds, tags }: CreateTags,
  { calls, options }: WriteContext,
): Promise<void> {
  const input = { Resources: [...resourceIds], Tags: tagsToSdk(tags) };
  await calls.call('ec2:CreateTags', input, options);
}

/** Deletes tags by key, whatever their value; of a resource that is gone they are gone too. */
export async function deleteTags(
  { resourceIds, keys }: DeleteTags,
  { calls, options }: WriteContext,
): Promise<void> {
  const input = { Resources: [...resourceIds], Tags: keys.map((Key) => ({ Key })) };
  await ignoreErrors('NotFound', () => calls.call('ec2:DeleteTags', input, options));
}
