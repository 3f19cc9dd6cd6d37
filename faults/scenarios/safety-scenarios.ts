/** Changes that AWS takes in several calls, each of which it may refuse. */
import { plainSpec } from '../links.ts';
import type { Run } from '../run.ts';
import { linkName, type Scenario } from './scenario.ts';

type Spec = Record<string, unknown>;

/** A link that is ready with one spec and then gets another one. */
function change(
  name: string,
  specs: (plain: Spec, run: Run) => readonly [before: Spec, after: Spec],
  end: Scenario['end'] = 'ready',
): Scenario {
  return {
    name: `safe change: ${name}`,
    covers: ['F15'],
    before: (run) => run.create(linkName, specs(plainSpec(run.surroundings), run)[0]),
    act: (run) => run.replaceSpec(linkName, specs(plainSpec(run.surroundings), run)[1]),
    end,
  };
}

const ingress = [{ cidr: '10.1.0.0/16' }, { cidr: '10.2.0.0/16' }];

/** Subnets in the zones of the links' own, made at the first call. */
function twinSubnets({ ec2, surroundings: { vpcId, subnetIds } }: Run): readonly string[] {
  const tagged = ec2.subnets().filter(({ tags }) => tags['ml'] === 'twin');
  if (tagged.length > 0) return tagged.map(({ id }) => id);
  const zones = subnetIds.map((id) => ec2.subnets().find((one) => one.id === id)?.zone ?? '');
  return zones.map((zone, index) => {
    const cidr = `10.0.${index + 20}.0/24`;
    return ec2.createSubnet({ vpcId, zone, cidr, tags: { ml: 'twin' } }).id;
  });
}

/** The smallest subnet that AWS has, in the first zone, with none of its addresses free. */
function fullSubnet({ ec2, surroundings: { vpcId, subnetIds, userGroupId } }: Run): string {
  const known = ec2.subnets().find(({ tags }) => tags['ml'] === 'full');
  if (known !== undefined) return known.id;
  const zone = ec2.subnets().find(({ id }) => id === subnetIds[0])?.zone ?? '';
  const { id } = ec2.createSubnet({ vpcId, zone, cidr: '10.0.30.0/28', tags: { ml: 'full' } });
  // AWS keeps the first four addresses and the last one.
  for (let host = 4; host < 15; host += 1) {
    const ipv4 = `10.0.30.${host}`;
    ec2.createNetworkInterface({ subnetId: id, groupIds: [userGroupId], ipv4 });
  }
  return id;
}

/** A prefix list that counts so much toward the rules of a group, always the same one. */
function prefixList({ ec2 }: Run, maxEntries: number): string {
  const answer = ec2.run('CreateManagedPrefixList', {
    PrefixListName: 'offices',
    MaxEntries: String(maxEntries),
    AddressFamily: 'IPv4',
    ClientToken: `offices-${maxEntries}`,
  });
  return (answer as { readonly prefixList: { readonly prefixListId: string } }).prefixList
    .prefixListId;
}

export const safetyScenarios: readonly Scenario[] = [
  change('all subnets in the same zones', (spec, run) => [
    { ...spec, endpoints: [{ service: 'api' }] },
    { ...spec, endpoints: [{ service: 'api' }], subnets: { ids: twinSubnets(run) } },
  ]),
  change('all subnets in other zones', (spec, { surroundings: { subnetIds } }) => [
    { ...spec, subnets: { ids: subnetIds.slice(0, 1) } },
    { ...spec, subnets: { ids: subnetIds.slice(1) } },
  ]),
  change(
    'the only subnet to a full one',
    (spec, run) => [
      { ...spec, subnets: { ids: run.surroundings.subnetIds.slice(0, 1) } },
      { ...spec, subnets: { ids: [fullSubnet(run)] } },
    ],
    'stalled InsufficientFreeAddresses',
  ),
  change('fixed addresses in all zones', (spec, { surroundings: { subnetIds: ids } }) => {
    const addresses = Object.fromEntries(
      ids.map((id, index) => [id, { ipv4: `10.0.${index + 1}.77` }]),
    );
    const in_ = { ...spec, subnets: { ids } };
    return [
      { ...in_, endpoints: [{ service: 'api' }] },
      { ...in_, endpoints: [{ service: 'api', addresses }] },
    ];
  }),
  change(
    'ingress to a list that never fits',
    (spec, run) => [
      { ...spec, securityGroup: { ingress } },
      { ...spec, securityGroup: { ingress: [{ prefixListId: prefixList(run, 100) }] } },
    ],
    'stalled QuotaExceeded',
  ),
  change('ingress to a list that fits when there is room', (spec, run) => [
    { ...spec, securityGroup: { ingress } },
    { ...spec, securityGroup: { ingress: [ingress[0], { prefixListId: prefixList(run, 59) }] } },
  ]),
  change('the group of the user to a managed one', (spec, { surroundings: { userGroupId } }) => [
    { ...spec, securityGroup: { ids: [userGroupId] } },
    { ...spec, securityGroup: { ingress: [{ cidr: '10.0.0.0/8' }] } },
  ]),
  change(
    'the group of the user to a managed one with a rule that AWS refuses',
    (spec, { surroundings: { userGroupId } }) => {
      const unknown = { securityGroupId: 'sg-00000000000000000' };
      return [
        { ...spec, securityGroup: { ids: [userGroupId] } },
        { ...spec, securityGroup: { ingress: [{ cidr: '10.0.0.0/8' }, unknown] } },
      ];
    },
    'stalled SecurityGroupNotFound',
  ),
  change('private DNS on, in another group and other subnets', (spec, run) => [
    { ...spec, endpoints: [{ service: 'api', privateDNS: false }] },
    {
      ...spec,
      endpoints: [{ service: 'api' }],
      securityGroup: { ingress },
      subnets: { ids: [run.surroundings.spareSubnetId, ...run.surroundings.subnetIds.slice(1)] },
    },
  ]),
];
