import type { ActionTable, CallContext } from '../actions.ts';
import type { View } from '../ledger.ts';
import { AwsError } from '../protocol/error.ts';
import { type Form, requiredTextOf, structuresOf, textOf, textsOf } from '../protocol/form.ts';
import { itemsOf, type XmlElement } from '../protocol/xml.ts';
import { regionOf } from './context.ts';
import { endpointState } from './vpc-endpoint/endpoint-state.ts';
import { existing, idKinds } from './errors.ts';
import { filtered } from './filters.ts';
import { pageOf } from './paging.ts';
import type { Tags, VpcEndpoint } from './records.ts';
import type { RegionState } from './region.ts';
import { checkCount, readTags } from './tag-specifications.ts';

export const tagActions: ActionTable = {
  CreateTags: { readOnly: false, required: ['ResourceId', 'Tag'], run: createTags },
  DeleteTags: { readOnly: false, required: ['ResourceId'], optional: ['Tag'], run: deleteTags },
  DescribeTags: {
    readOnly: true,
    optional: ['Filter', 'MaxResults', 'NextToken'],
    run: describeTags,
  },
};

interface Taggable {
  readonly type: string;
  readonly kind: (typeof idKinds)[keyof typeof idKinds];
  readonly table: TagTable;
}

/** The part of a table that tags need, the same for rows of every type. */
interface TagTable {
  get(id: string): { readonly tags: Tags } | undefined;
  list(view: View): { readonly id: string; readonly tags: Tags }[];
  change(id: string, fields: { readonly tags: Tags }): unknown;
}

function taggables(region: RegionState): Taggable[] {
  return [
    { type: 'vpc', kind: idKinds.vpc, table: region.vpcs },
    { type: 'subnet', kind: idKinds.subnet, table: region.subnets },
    { type: 'security-group', kind: idKinds.group, table: region.groups },
    { type: 'security-group-rule', kind: idKinds.rule, table: region.rules },
    { type: 'prefix-list', kind: idKinds.prefixList, table: region.prefixLists },
    { type: 'network-interface', kind: idKinds.networkInterface, table: region.interfaces },
    { type: 'vpc-peering-connection', kind: idKinds.peering, table: region.peerings },
    { type: 'vpc-endpoint', kind: idKinds.endpoint, table: livingEndpoints(region) },
  ];
}

/** Tombstones of endpoints are described but cannot be tagged any more. */
function livingEndpoints(region: RegionState): TagTable {
  const isThere = (endpoint: VpcEndpoint, nowMs: number): boolean =>
    !['deleted', undefined].includes(endpointState(endpoint, nowMs));
  return {
    get(id) {
      const endpoint = region.endpoints.get(id);
      return endpoint && isThere(endpoint, region.ledger.now()) ? endpoint : undefined;
    },
    list: (view) => region.endpoints.list(view).filter((e) => isThere(e, view.nowMs)),
    change: (id, fields) => region.endpoints.change(id, fields),
  };
}

interface Target {
  readonly id: string;
  readonly taggable: Taggable;
  readonly tags: Tags;
}

/** All resources of a request, checked before any of them is changed. */
function targetsOf(region: RegionState, form: Form): Target[] {
  return textsOf(form, 'ResourceId').map((id) => {
    const taggable = taggables(region).find(({ kind }) => id.startsWith(kind.prefix));
    if (taggable === undefined) throw new AwsError('InvalidID', `The ID '${id}' is not valid`);
    return { id, taggable, tags: existing(taggable.kind, id, taggable.table.get(id)).tags };
  });
}

function createTags(context: CallContext, form: Form): XmlElement {
  const added = readTags(form);
  const targets = targetsOf(regionOf(context), form);
  for (const { tags } of targets) checkCount({ ...tags, ...added });
  for (const { id, taggable, tags } of targets) {
    taggable.table.change(id, { tags: { ...tags, ...added } });
  }
  return { return: true };
}

/** A tag given with a value is removed only when it has this value; no tags given: all. */
function deleteTags(context: CallContext, form: Form): XmlElement {
  const removals = structuresOf(form, 'Tag').map((tag) => ({
    key: requiredTextOf(tag, 'Key'),
    value: textOf(tag, 'Value'),
  }));
  const isRemoved = (key: string, value: string): boolean =>
    removals.length === 0 ||
    removals.some((r) => r.key === key && (r.value === undefined || r.value === value));
  for (const { id, taggable, tags } of targetsOf(regionOf(context), form)) {
    const kept = Object.entries(tags).filter(([key, value]) => !isRemoved(key, value));
    taggable.table.change(id, { tags: Object.fromEntries(kept) });
  }
  return { return: true };
}

interface TagRow {
  readonly resourceId: string;
  readonly resourceType: string;
  readonly key: string;
  readonly value: string;
  readonly tags: Tags;
}

function describeTags(context: CallContext, form: Form): XmlElement {
  const all: TagRow[] = taggables(regionOf(context)).flatMap(({ type, table }) =>
    table.list(context.view).flatMap(({ id, tags }) =>
      Object.entries(tags).map(([key, value]) => ({
        resourceId: id,
        resourceType: type,
        key,
        value,
        tags: { [key]: value },
      })),
    ),
  );
  const matching = filtered(all, form, {
    key: ({ key }) => [key],
    value: ({ value }) => [value],
    'resource-id': ({ resourceId }) => [resourceId],
    'resource-type': ({ resourceType }) => [resourceType],
  });
  const { rows, nextToken } = pageOf(matching, form);
  return { tagSet: itemsOf(rows.map(tagXml)), nextToken };
}

function tagXml({ resourceId, resourceType, key, value }: TagRow): XmlElement {
  return { resourceId, resourceType, key, value };
}
