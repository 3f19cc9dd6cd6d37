import fc from 'fast-check';

type Json = unknown;

/** A place in a document, as the keys and indexes that lead there. */
type Place = readonly (string | number)[];

/** Values that are right somewhere and wrong elsewhere. */
const values: readonly Json[] = [
  null,
  true,
  0,
  7,
  1.5,
  '',
  ' ',
  'api',
  'ipv6',
  'eu-west-1',
  'vpc-0a1b2c3d',
  'subnet-0a1b2c3d4e5f67890',
  'sg-0a1b2c3d4e5f67890',
  'com.amazonaws.eu-west-1.sagemaker.api',
  '10.0.0.0/8',
  '10.0.0.1/8',
  '198.51.100.0/24',
  '2001:db8::/32',
  '2001:db8:0::/32',
  '::ffff:10.0.0.0/104',
  '10.0.0.1',
  'fd00::1',
  '24h',
  'x'.repeat(40),
  'é<&>"',
  'x'.repeat(300),
  [],
  {},
  ['Studio', 'Studio'],
  [null],
  { id: 'vpc-0a1b2c3d' },
  { tags: { a: 'b*' } },
  { ids: ['sg-0a1b2c3d'] },
  { key: 'ml', operator: 'In' },
  -1,
  1001,
  'Selected',
  { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } },
  { port: 443, endPort: 80 },
];

/** Fields that are known at one place of the schema at least. */
const keys = [
  'id',
  'ids',
  'tags',
  'service',
  'policy',
  'addresses',
  'cidr',
  'values',
  'except',
  'endPort',
  'namespaceSelector',
  'foo',
  'a.b',
];

type Change = 'replace' | 'remove' | 'add' | 'repeat' | 'take';

export interface Mutation {
  readonly change: Change;
  readonly at: number;
  readonly from: number;
  readonly value: Json;
  readonly key: string;
}

export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    change: fc.constantFrom<Change>('replace', 'remove', 'add', 'repeat', 'take'),
    at: fc.nat(10_000),
    from: fc.nat(10_000),
    value: fc.constantFrom(...values),
    key: fc.constantFrom(...keys),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A copy of the spec with the changes made, one after the other. */
export function mutate(spec: Json, changes: readonly Mutation[]): Json {
  const holder = { spec: structuredClone(spec) };
  for (const change of changes) applyChange(holder, change);
  return holder.spec;
}

function applyChange(holder: { spec: Json }, { change, at, from, value, key }: Mutation): void {
  const places = placesIn(holder.spec, ['spec']);
  const place = places[at % places.length] ?? ['spec'];
  const other = get(holder, places[from % places.length] ?? ['spec']);
  const current = get(holder, place);
  if (change === 'replace') set(holder, place, structuredClone(value));
  else if (change === 'take') set(holder, place, structuredClone(other));
  else if (change === 'remove') remove(holder, place);
  else if (change === 'repeat') repeat(current);
  else if (isContainer(current) && !Array.isArray(current)) current[key] = structuredClone(value);
}

function isContainer(value: Json): value is Record<string | number, Json> {
  return value !== null && typeof value === 'object';
}

function placesIn(value: Json, place: Place): Place[] {
  if (!isContainer(value)) return [place];
  const children = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return [place, ...children.flatMap((key) => placesIn(value[key], [...place, key]))];
}

function get(holder: Json, place: Place): Json {
  return place.reduce((value: Json, key) => (isContainer(value) ? value[key] : undefined), holder);
}

function set(holder: Json, place: Place, value: Json): void {
  const parent = get(holder, place.slice(0, -1));
  const key = place.at(-1);
  if (isContainer(parent) && key !== undefined) parent[key] = value;
}

function remove(holder: Json, place: Place): void {
  const parent = get(holder, place.slice(0, -1));
  const key = place.at(-1);
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else if (isContainer(parent) && key !== undefined) delete parent[key];
}

function repeat(value: Json): void {
  if (Array.isArray(value) && value.length > 0) value.push(structuredClone(value[0]));
}
