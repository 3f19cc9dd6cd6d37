/**
 * What only the status knows to be the link's: AWS does not tell who set a tag or attached a policy.
 * It is written before AWS is changed. Else a process that died in between, or a spec that was
 * replaced meanwhile, would leave tags that nobody takes off and attachments that look foreign.
 */
import type { SageMakerPrivateLinkSpec } from '../api/sagemaker-private-link.ts';
import type { Principal } from './facts.ts';
import { listedPrincipals } from './notebook-access/protected-principals.ts';

/** Fields of the status: sorted, without repeats, undefined where there is nothing to remember. */
export interface AppliedMemory {
  readonly appliedTagKeys?: readonly string[] | undefined;
  /** `role/DataScientist`, ... */
  readonly appliedPrincipals?: readonly string[] | undefined;
}

const fields = ['appliedTagKeys', 'appliedPrincipals'] as const;

/** What a spec puts on resources. */
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
