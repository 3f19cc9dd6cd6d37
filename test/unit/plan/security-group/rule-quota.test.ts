/** Groups that are full: what the rules count decides, and nobody is cut off to make room in vain. */
import { expect, test } from '@jest/globals';
import type { SageMakerPrivateLinkSpec } from '../../../../src/api/sagemaker-private-link.ts';
import { admittedSources, ownedBy } from '../../../model/goal.ts';
import { plainSpec } from '../../../model/generated-specs.ts';
import { emptyWorld, owner } from '../../../model/generated-worlds.ts';
import { LinkLife, reasonsOf } from '../../../model/link-life.ts';
import type { AwsWorld } from '../../../model/aws-world.ts';

type Ingress = NonNullable<NonNullable<SageMakerPrivateLinkSpec['securityGroup']>['ingress']>;

const withIngress = (ingress: Ingress): SageMakerPrivateLinkSpec => ({
  ...plainSpec,
  securityGroup: { ingress },
});

const blocks = (count: number, second: number): Ingress =>
  Array.from({ length: count }, (_, index) => ({ cidr: `10.${second}.${index}.0/24` }));

const admittedIn = (world: AwsWorld): readonly string[] =>
  ownedBy(world, owner).groups.flatMap(admittedSources);

/** A link at rest that then gets other sources, and how it rests afterwards. */
async function changed(
  from: Ingress,
  to: Ingress,
  listEntries = 3,
): Promise<{ life: LinkLife; reasons: readonly string[]; fewest: number; message: string }> {
  const world = emptyWorld({ listEntries });
  let fewest = Number.POSITIVE_INFINITY;
  const life = new LinkLife({
    world,
    spec: withIngress(from),
    afterStep: () => (fewest = Math.min(fewest, admittedIn(world).length)),
  });
  await life.settle();
  fewest = Number.POSITIVE_INFINITY;
  life.change(withIngress(to));
  const { end } = await life.settle();
  const condition = life.status.conditions?.find(({ type }) => type === 'SecurityGroupReady');
  return { life, reasons: reasonsOf(end), fewest, message: condition?.message ?? '' };
}

test('sources that can never fit change nothing, and the message says what they count', async () => {
  const before = [{ cidr: '10.0.0.0/16' }, { cidr: '192.168.0.0/16' }];
  const { life, reasons, message } = await changed(before, [{ prefixListId: 'pl-1' }], 100);
  expect(admittedIn(life.world)).toEqual(['10.0.0.0/16', '192.168.0.0/16']);
  expect(reasons).toEqual(['QuotaExceeded']);
  expect(message).toContain('count as 100 IPv4 rules');
  expect(message).toContain('prefix list pl-1 counts as its MaxEntries, 100');
  expect(message).toContain('L-0EA8095F');
});

test('where everybody would be cut off to make room, nothing is changed', async () => {
  const before = [{ cidr: '10.0.0.0/16' }, { cidr: '192.168.0.0/16' }];
  const { life, reasons, message } = await changed(before, [{ prefixListId: 'pl-1' }], 60);
  expect(admittedIn(life.world)).toEqual(['10.0.0.0/16', '192.168.0.0/16']);
  expect(reasons).toEqual(['QuotaExceeded']);
  expect(message).toContain('fit only if every rule that admits clients now is revoked first');
});

test('rules make room where that is certain to help, and one of them stays until the new are in', async () => {
  const before = [{ cidr: '10.0.0.0/16' }, { cidr: '192.168.0.0/16' }];
  const { life, reasons, fewest } = await changed(before, [{ prefixListId: 'pl-1' }], 59);
  expect(admittedIn(life.world)).toEqual(['pl-1']);
  expect(reasons).toEqual([]);
  expect(fewest).toBe(1);
});

test('a full group changes all of its rules without ever being empty', async () => {
  const { life, reasons, fewest } = await changed(blocks(60, 1), blocks(60, 2));
  expect(reasons).toEqual([]);
  expect(admittedIn(life.world)).toHaveLength(60);
  expect(admittedIn(life.world).every((source) => source.startsWith('10.2.'))).toBe(true);
  expect(fewest).toBeGreaterThan(0);
});

test('an account with a higher quota adds before it revokes, however much the sources count', async () => {
  const world = emptyWorld(
    {},
    { quotas: { rulesPerGroup: 200, endpointsPerVpc: 50, policiesPerPrincipal: 10 } },
  );
  const life = new LinkLife({ world, spec: withIngress(blocks(90, 1)) });
  await life.settle();
  life.change(withIngress(blocks(90, 2)));
  const { done, failed } = await life.pass();
  expect(failed).toEqual([]);
  expect(done.map(({ kind }) => kind)).toEqual(['AuthorizeIngress', 'RevokeIngress']);
});

test('one source that AWS does not know holds up itself, not the others', async () => {
  const to = [{ cidr: '10.1.0.0/16' }, { securityGroupId: 'sg-unknown' }];
  const { life, reasons } = await changed([{ cidr: '10.0.0.0/16' }], to);
  expect(admittedIn(life.world)).toEqual(['10.0.0.0/16', '10.1.0.0/16']);
  expect(reasons).toEqual(['SecurityGroupNotFound']);
});

test('what does not admit clients is revoked at once, also while a rule cannot be added', async () => {
  const world = emptyWorld();
  const life = new LinkLife({ world, spec: withIngress([{ cidr: '10.0.0.0/16' }]) });
  await life.settle();
  const [group] = ownedBy(world, owner).groups;
  if (group === undefined) throw new Error('no group');
  const ssh = {
    id: 'sgr-ssh',
    isEgress: false,
    protocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    tags: {},
  };
  const rules = [...(group.rules ?? []), { ...ssh, source: { cidr: '0.0.0.0/0' } }];
  world.groups.set(group.id, { ...group, rules });
  life.change(withIngress([{ securityGroupId: 'sg-unknown' }]));
  await life.settle();
  expect(admittedIn(world)).toEqual(['10.0.0.0/16']);
});

test('no pass over a full group ends Stalled when it has just made room', async () => {
  const world = emptyWorld();
  const life = new LinkLife({ world, spec: withIngress(blocks(60, 1)) });
  await life.settle();
  life.change(withIngress([...blocks(1, 2), ...blocks(2, 1).slice(1)]));
  for (let pass = 0; pass < 3; pass += 1) {
    const end = await life.pass();
    const madeRoom = end.done.some(({ kind }) => kind === 'RevokeIngress');
    expect(madeRoom && reasonsOf(end).includes('QuotaExceeded')).toBe(false);
  }
  expect(admittedIn(world).toSorted()).toEqual(['10.1.1.0/24', '10.2.0.0/24']);
});
