import type { SageMakerPrivateLink } from '../../../api/sagemaker-private-link.ts';
import {
  type ClientObject,
  clientObject,
  type ExistingObject,
  isIntact,
  servedLinks,
} from '../client-object.ts';
import type { ClientFinding } from '../finding.ts';
import { byRank, type Merge, mergeParts } from '../merge-links.ts';
import { notAvailable, type PartialPlan, sharedWaits, unknownWait } from '../partial-plan.ts';
import {
  type ClientSettings,
  clientSettings,
  mergeSettings,
  wantedConfigMap,
} from './wanted-config-map.ts';

/**
 * The ConfigMaps of a namespace.
 * @param links those that select it, the oldest first
 * @param existing the own objects of the namespace
 */
export function planConfigMaps(
  namespace: string,
  links: readonly SageMakerPrivateLink[],
  existing: readonly ExistingObject[],
): PartialPlan {
  const names = links.flatMap(({ spec }) => spec.clients?.configMap?.name ?? []);
  const plans = [...new Set(names)].sort().map((name) => {
    const users = links.filter(({ spec }) => spec.clients?.configMap?.name === name);
    const present = existing.find((one) => one.kind === 'ConfigMap' && one.metadata.name === name);
    return planOne({ namespace, name }, users, present);
  });
  return {
    wanted: plans.flatMap(({ wanted }) => wanted),
    waits: plans.flatMap(({ waits }) => waits),
    problems: plans.flatMap(({ problems }) => problems),
  };
}

/** @param present the own ConfigMap that is there */
function planOne(
  place: Place,
  links: readonly SageMakerPrivateLink[],
  present: ExistingObject | undefined,
): PartialPlan {
  const parts = links.map((link) => partOf(link));
  const served =
    present === undefined
      ? []
      : servedLinks(
          present,
          parts.map(({ link }) => link),
        );
  const waits = parts.flatMap(({ wait }) => wait ?? []);
  const known = parts.filter(({ wait }) => wait === undefined);
  const ranked = byRank(known, ({ link }) => (served.includes(link) ? 0 : 1));
  const merged = mergeParts('ConfigMap', ranked, mergeConfigMaps);
  const problems = merged?.refused ?? [];
  // Nothing is taken out of it while one of its links cannot be followed.
  const culprits = [...waits, ...problems]
    .map(({ link }) => link)
    .filter((link) => served.includes(link));
  if (culprits.length > 0 && present !== undefined) {
    const shared = sharedWaits('ConfigMap', merged?.links ?? [], culprits);
    const keeping = parts.filter(({ link }) => served.includes(link));
    const wanted = [heldConfigMap(place, keeping, present)];
    return { wanted, waits: [...waits, ...shared], problems };
  }
  if (merged === undefined) return { wanted: [], waits, problems };
  const content = { kind: 'ConfigMap', data: wantedConfigMap(merged.value) } as const;
  const wanted = [clientObject(content, { ...place, links: merged.links })];
  return { wanted, waits, problems };
}

interface Place {
  readonly namespace: string;
  readonly name: string;
}

/**
 * The ConfigMap that is there, for those of its links that still want one. A content that somebody
 * edited is nobody's to keep: it is replaced by all that is known, since pods take a URL in it for
 * the link's own.
 */
function heldConfigMap(
  place: Place,
  keeping: readonly ConfigMapPart[],
  present: ExistingObject,
): ClientObject {
  const links = keeping.map(({ link }) => link);
  if (present.kind === 'ConfigMap' && isIntact(present)) {
    return clientObject({ kind: 'ConfigMap', data: present.data }, { ...place, links });
  }
  const ranked = byRank(keeping, ({ wait }) => (wait === undefined ? 0 : 1));
  const known = mergeParts('ConfigMap', ranked, mergeConfigMaps);
  const data = known === undefined ? {} : wantedConfigMap(known.value);
  return clientObject({ kind: 'ConfigMap', data }, { ...place, links });
}

interface ConfigMapPart {
  readonly link: string;
  readonly value: ClientSettings;
  readonly wait?: ClientFinding;
}

function partOf(link: SageMakerPrivateLink): ConfigMapPart {
  const { name } = link.metadata;
  const { settings, unknown } = clientSettings(link);
  const part = { link: name, value: settings };
  if (link.status?.clients?.availableOnce !== true) {
    return { ...part, wait: notAvailable(name, 'ConfigMap') };
  }
  return unknown.length === 0 ? part : { ...part, wait: unknownWait(name, 'ConfigMap', unknown) };
}

const mergeConfigMaps: Merge<ClientSettings> = (a, b) => {
  const merged = mergeSettings(a, b);
  if ('settings' in merged) return { value: merged.settings };
  return { disagreement: merged.disagreement.join(', ') };
};
