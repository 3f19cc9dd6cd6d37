/**
 * Tags and attachments that only the status knows to be the link's: AWS does not tell who made
 * them. They are written before AWS is changed. Else a process that died in between, or a spec
 * that was replaced meanwhile, would leave tags that nobody takes off and attachments that look
 * foreign.
 */
import type { SageMakerPrivateLinkSpec } from '../../api/sagemaker-private-link.ts';
import { schema } from '../../api/generated/sagemaker-private-link-schema.ts';
import { mostItems } from '../../api/status-bounds.ts';
import type { Principal } from '../facts.ts';
import { allFound, answersOf, type Observation } from '../observation.ts';
import { listedPrincipals } from '../notebook-policy/protected-principals.ts';
import { ownPolicy } from '../notebook-policy/own-policy.ts';

/** Fields of the status: sorted, without repeats, undefined where there is nothing to remember. */
export interface AppliedMemory {
  readonly appliedTagKeys?: readonly string[] | undefined;
  /** `role/DataScientist`, ... */
  readonly appliedPrincipals?: readonly string[] | undefined;
}

const fields = ['appliedTagKeys', 'appliedPrincipals'] as const;

/** The tags and attachments that a spec makes. */
export function memoryOf({ tags, notebookAccess }: SageMakerPrivateLinkSpec): AppliedMemory {
  const principals = listedPrincipals(notebookAccess?.attachTo);
  return {
    appliedTagKeys: sorted(Object.keys(tags ?? {})),
    appliedPrincipals: sorted(principals.map(({ kind, name }) => `${kind}/${name}`)),
  };
}

/** Both together. */
export function joinedMemory(one: AppliedMemory, other: AppliedMemory): AppliedMemory {
  return Object.fromEntries(
    fields.map((field) => [field, sorted([...(one[field] ?? []), ...(other[field] ?? [])])]),
  );
}

/** The tags and attachments at AWS now that a memory could be of. */
export function foundMemory(observation: Observation): AppliedMemory {
  const policy = ownPolicy(observation);
  const owned = answersOf(observation, 'Owned').map(({ answer }) => answer);
  const resources = [
    ...owned.flatMap(({ endpoints }) => endpoints),
    ...owned.flatMap(({ securityGroups }) => securityGroups),
    ...allFound(observation, 'VpcEndpoints'),
    ...(policy === undefined ? [] : [policy]),
  ];
  return {
    appliedTagKeys: resources.flatMap(({ tags }) => Object.keys(tags)),
    appliedPrincipals: (policy?.attachedTo ?? []).map(({ kind, name }) => `${kind}/${name}`),
  };
}

/** How many keys and principals one spec can have, by the schema. */
const mostOfSpec = {
  appliedTagKeys: schema.properties?.['spec']?.properties?.['tags']?.maxProperties ?? 0,
  appliedPrincipals: Object.values(
    schema.properties?.['spec']?.properties?.['notebookAccess']?.properties?.['attachTo']
      ?.properties ?? {},
  ).reduce((sum, { maxItems = 0 }) => sum + maxItems, 0),
} as const;

/**
 * The memory in as many entries as the status has room for: those of the memories `first`, in their
 * order, and then any.
 *
 * @param spare leaves room for one more spec, which has to be remembered before anything is known
 */
export function withinRoom(
  memory: AppliedMemory,
  { first, spare }: { readonly first: readonly AppliedMemory[]; readonly spare: boolean },
): AppliedMemory {
  return Object.fromEntries(
    fields.map((field) => {
      const all = memory[field] ?? [];
      const most = mostItems(field) - (spare ? mostOfSpec[field] : 0);
      if (all.length <= most) return [field, memory[field]];
      const known = new Set(all);
      const preferred = first.flatMap((one) => one[field] ?? []).filter((one) => known.has(one));
      return [field, sorted([...new Set([...preferred, ...all])].slice(0, most))];
    }),
  );
}

/** Whether the memory has everything of another one. */
export function remembersAll(memory: AppliedMemory, wanted: AppliedMemory): boolean {
  return fields.every((field) =>
    (wanted[field] ?? []).every((one) => memory[field]?.includes(one) === true),
  );
}

/** The principals of a memory. */
export function rememberedPrincipals({
  appliedPrincipals = [],
}: AppliedMemory): readonly Principal[] {
  return appliedPrincipals.flatMap((text): readonly Principal[] => {
    const [, kind, name = ''] = /^(role|user|group)\/(.+)$/.exec(text) ?? [];
    return kind === undefined ? [] : [{ kind: kind as Principal['kind'], name }];
  });
}

function sorted(values: readonly string[]): readonly string[] | undefined {
  return values.length === 0 ? undefined : [...new Set(values)].sort();
}
