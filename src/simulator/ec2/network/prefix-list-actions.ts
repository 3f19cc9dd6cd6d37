import type { ActionTable, CallContext } from '../../actions.ts';
import { parseNetwork } from '../../networks.ts';
import { AwsError } from '../../protocol/error.ts';
import {
  type Form,
  integerOf,
  invalidValue,
  requiredTextOf,
  structuresOf,
  textOf,
  textsOf,
} from '../../protocol/form.ts';
import { itemsOf, type XmlElement } from '../../protocol/xml.ts';
import { madeBefore, remember } from '../client-tokens.ts';
import { arnOf, regionOf } from '../context.ts';
import { existing, idKinds } from '../errors.ts';
import { filtered, type FilterFields } from '../filters.ts';
import { pageOf } from '../paging.ts';
import type { PrefixList } from '../records.ts';
import type { RegionState } from '../region.ts';
import { tagSetOf, tagsOnCreate } from '../tag-specifications.ts';

export const prefixListActions: ActionTable = {
  CreateManagedPrefixList: {
    readOnly: false,
    required: ['PrefixListName', 'MaxEntries', 'AddressFamily'],
    optional: ['ClientToken', 'Entry', 'TagSpecification'],
    run: createPrefixList,
  },
  DescribeManagedPrefixLists: {
    readOnly: true,
    optional: ['PrefixListId', 'Filter', 'MaxResults', 'NextToken'],
    run: describePrefixLists,
  },
  GetManagedPrefixListEntries: {
    readOnly: true,
    required: ['PrefixListId'],
    optional: ['TargetVersion', 'MaxResults', 'NextToken'],
    run: getPrefixListEntries,
  },
};

const filterFields: FilterFields<PrefixList> = {
  'owner-id': (list) => [list.ownerId],
  'prefix-list-id': (list) => [list.id],
  'prefix-list-name': (list) => [list.name],
};

function createPrefixList(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const isDescribed = (id: string): boolean => region.prefixLists.get(id) !== undefined;
  const before = madeBefore(region, 'CreateManagedPrefixList', form, isDescribed);
  const list = (before && region.prefixLists.get(before)) || newPrefixList(region, form);
  remember(region, 'CreateManagedPrefixList', form, list.id);
  return { prefixList: prefixListXml(region, list) };
}

function newPrefixList(region: RegionState, form: Form): PrefixList {
  const addressFamily = requiredTextOf(form, 'AddressFamily');
  if (addressFamily !== 'IPv4' && addressFamily !== 'IPv6') {
    throw invalidValue('AddressFamily', addressFamily, 'It must be IPv4 or IPv6.');
  }
  const maxEntries = integerOf(form, 'MaxEntries') ?? 0;
  const entries = structuresOf(form, 'Entry');
  if (maxEntries < 1 || entries.length > maxEntries) {
    throw new AwsError('PrefixListMaxEntriesExceeded', 'You have reached the maximum of entries.');
  }
  for (const entry of entries) {
    const cidr = requiredTextOf(entry, 'Cidr');
    const version = parseNetwork(cidr)?.version;
    if (`IPv${version}` !== addressFamily) throw invalidValue('Cidr', cidr, 'Not of the family.');
  }
  const list: PrefixList = {
    id: region.ids.resource('pl'),
    name: requiredTextOf(form, 'PrefixListName'),
    ownerId: region.accountId,
    addressFamily,
    maxEntries,
    weight: maxEntries,
    entries: entries.map((entry) => ({
      cidr: requiredTextOf(entry, 'Cidr'),
      description: textOf(entry, 'Description'),
    })),
    tags: tagsOnCreate(form, 'prefix-list'),
  };
  region.prefixLists.put(list.id, list);
  return list;
}

function describePrefixLists(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const { view } = context;
  const ids = textsOf(form, 'PrefixListId');
  const lists =
    ids.length === 0
      ? region.prefixLists.list(view)
      : ids.map((id) => existing(idKinds.prefixList, id, region.prefixLists.get(id, view)));
  const { rows, nextToken } = pageOf(filtered(lists, form, filterFields), form, {
    ids: 'PrefixListId',
    min: 1,
    max: 100,
  });
  return { prefixListSet: itemsOf(rows.map((list) => prefixListXml(region, list))), nextToken };
}

function getPrefixListEntries(context: CallContext, form: Form): XmlElement {
  const region = regionOf(context);
  const id = requiredTextOf(form, 'PrefixListId');
  const list = existing(idKinds.prefixList, id, region.prefixLists.get(id, context.view));
  const target = integerOf(form, 'TargetVersion');
  if (target !== undefined && target !== 1) {
    throw invalidValue('TargetVersion', String(target), 'The prefix list has no such version.');
  }
  const { rows, nextToken } = pageOf(list.entries, form, { min: 1, max: 100 });
  return {
    entrySet: itemsOf(rows.map(({ cidr, description }) => ({ cidr, description }))),
    nextToken,
  };
}

function prefixListXml(region: RegionState, list: PrefixList): XmlElement {
  return {
    prefixListId: list.id,
    prefixListName: list.name,
    prefixListArn: arnOf(region, `prefix-list/${list.id}`),
    addressFamily: list.addressFamily,
    state: 'create-complete',
    maxEntries: list.maxEntries,
    version: list.maxEntries === undefined ? undefined : 1,
    ownerId: list.ownerId,
    tagSet: tagSetOf(list.tags),
  };
}
