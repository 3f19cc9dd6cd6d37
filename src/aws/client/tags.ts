import type { ResourceType, Tag, TagSpecification } from '@aws-sdk/client-ec2';
import type { Tags } from '../../plan/facts.ts';
import { sharedText } from '../../runtime/shared-text.ts';

/** AWS's tag list as a record. */
export function tagsFromSdk(tags: readonly Tag[] | undefined): Tags {
  const entries = (tags ?? []).flatMap(({ Key, Value }): [string, string][] =>
    Key === undefined ? [] : [[Key, sharedText(Value ?? '')]],
  );
  return Object.fromEntries(entries);
}

/** Tags as AWS wants them. */
export function tagsToSdk(tags: Tags): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** Tags for a resource that a call makes; empty when there are none, which AWS would refuse. */
export function tagOnCreate(
  resourceType: ResourceType,
  tags: Tags,
): { TagSpecifications?: TagSpecification[] } {
  if (Object.keys(tags).length === 0) return {};
  return { TagSpecifications: [{ ResourceType: resourceType, Tags: tagsToSdk(tags) }] };
}
