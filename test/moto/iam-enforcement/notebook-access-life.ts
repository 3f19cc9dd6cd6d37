/** The life of a link's notebook access, lived by the operator's passes over the real AWS SDK. */
import type { SageMakerPrivateLinkStatus } from '../../../src/api/sagemaker-private-link.ts';
import { createCloudDirectory } from '../../../src/aws/accounts/cloud-directory.ts';
import type { RegionControl } from '../../../src/simulator/control/region-control.ts';
import { readLinks, type StandaloneLink } from '../../../src/standalone/link-files.ts';
import { runStandalone } from '../../../src/standalone/standalone-run.ts';
import { systemClock } from '../../../src/runtime/clock.ts';
import { awsClientEnvironment } from '../../environment/aws-client-environment.ts';
import { ireland } from '../../unit/deploy/iam-documents.ts';
import type { Keys, NotebookPrincipals } from './iam-account.ts';

/** Where a life is lived and as whom. */
export interface LifePlace {
  readonly keys: Keys;
  readonly attachTo: NotebookPrincipals;
  readonly iamUrl: string;
  /** EC2 is simulated and asks nobody for permission: this is about IAM. */
  readonly ec2Url: string;
  readonly network: RegionControl;
  /** What an administrator sees of the operator's policies. */
  readonly policyNames: () => Promise<readonly string[]>;
}

type Wish = Readonly<Record<string, unknown>>;

/** What the spec says, one after the other. */
function wishesFor(attachTo: NotebookPrincipals): readonly Wish[] {
  return [
    // Seven versions: IAM keeps five.
    ...[0, 1, 2, 3, 4, 5, 6].map((third) => accessFrom(third, { attachTo })),
    // Back to an older rule, whose version is there still; then attached to nobody.
    accessFrom(5, { attachTo }),
    accessFrom(5),
    // Attached again, then not restricted any more.
    accessFrom(5, { attachTo }),
    {},
    // What stays when the link is deleted is to be nobody's.
    { ...accessFrom(0), deletionPolicy: 'Retain' },
  ];
}

function accessFrom(third: number, attached: object = {}): Wish {
  const notebookAccess = { allowedCIDRs: [`203.0.${third}.0/24`], ...attached };
  return { notebookAccess, tags: { team: `t${third % 2}` } };
}

/** How far a life came. */
export interface LifeEnd {
  /** Wishes that came true; the last is that the link be gone. */
  readonly fulfilled: number;
  readonly of: number;
  /** What the condition said when a permission was missing, or what is wrong in silence. */
  readonly complaint?: string;
}

/** The complaint when a policy is there that nobody wishes for. */
export const leftBehind = 'the policy is left behind';

/** Goes from wish to wish, then deletes the link, as long as no permission is missing. */
export async function liveNotebookAccess(place: LifePlace): Promise<LifeEnd> {
  Object.assign(process.env, awsClientEnvironment(place.ec2Url, ireland.REGION), {
    AWS_ENDPOINT_URL_IAM: place.iamUrl,
    AWS_ENDPOINT_URL_STS: place.iamUrl,
    AWS_ACCESS_KEY_ID: place.keys.accessKeyId,
    AWS_SECRET_ACCESS_KEY: place.keys.secretAccessKey,
  });
  const life = new Life(place);
  try {
    return await life.live();
  } finally {
    life.close();
  }
}

/** Calls per second that nobody here reaches. */
const unlimited = { burst: 10_000, perSecond: 10_000 };

class Life {
  private readonly attachTo: NotebookPrincipals;
  private readonly policyNames;
  private readonly name: string;
  private readonly vpcId: string;
  private readonly subnetId: string;
  private readonly clouds;

  constructor({ network, attachTo, policyNames }: LifePlace) {
    this.attachTo = attachTo;
    this.policyNames = policyNames;
    // Private DNS is the VPC's: every life has a VPC of its own.
    const vpc = network.createVpc({ cidr: '10.0.0.0/16', enableDnsHostnames: true });
    this.vpcId = vpc.id;
    this.name = `link-of-${vpc.id}`;
    this.subnetId = network.createSubnet({ vpcId: vpc.id, cidr: '10.0.0.0/24' }).id;
    this.clouds = createCloudDirectory({
      clusterId: ireland.CLUSTER_ID,
      gatherMs: 1,
      limits: {
        'ec2:CreateVpcEndpoint': unlimited,
        'ec2:ModifyVpcEndpoint': unlimited,
        'ec2:DeleteVpcEndpoints': unlimited,
        'iam:CreatePolicyVersion': unlimited,
        'iam:DeletePolicyVersion': unlimited,
        'iam:TagPolicy': unlimited,
      },
    });
  }

  async live(): Promise<LifeEnd> {
    const wishes = wishesFor(this.attachTo);
    const of = wishes.length + 1;
    for (const [fulfilled, wish] of wishes.entries()) {
      const complaint = (await this.settle(wish, 'present')) ?? (await this.leftBehind(wish));
      if (complaint !== undefined) return { fulfilled, of, complaint };
    }
    const complaint = await this.settle(wishes.at(-1) ?? {}, 'absent');
    return complaint === undefined ? { fulfilled: of, of } : { fulfilled: of - 1, of, complaint };
  }

  private async leftBehind(wish: Wish): Promise<string | undefined> {
    if ('notebookAccess' in wish) return undefined;
    const names = await this.policyNames();
    return names.some((one) => one.includes(this.name)) ? leftBehind : undefined;
  }

  close(): void {
    this.clouds.close();
  }

  /** Makes passes until the wish is true; answers the complaint when a permission is missing. */
  private async settle(wish: Wish, goal: 'present' | 'absent'): Promise<string | undefined> {
    const run = new AbortController();
    let complaint: string | undefined;
    const end = runStandalone({
      link: this.link(wish),
      goal,
      cloud: this.clouds.cloudFor({ region: ireland.REGION }),
      clock: systemClock(),
      pollMs: 20,
      consistencyMs: 0,
      patience: { dnsSettleMs: 40, iamSettleMs: 20, wayDeadlineMs: 600_000 },
      until: 'settled',
      signal: AbortSignal.any([run.signal, AbortSignal.timeout(60_000)]), // What hangs ends.
      onProgress: (progress) => {
        complaint ??= progress.kind === 'status' ? denialIn(progress.status) : undefined;
        if (complaint !== undefined) run.abort();
      },
    });
    const settled = await end.catch((error: unknown) => {
      if (complaint === undefined) throw error;
    });
    if (complaint !== undefined) return complaint;
    if (settled?.outcome === (goal === 'present' ? 'ready' : 'gone')) return undefined;
    throw new Error(`the link is ${JSON.stringify(settled)}`);
  }

  private link(wish: Wish): StandaloneLink {
    const object = {
      apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
      kind: 'SageMakerPrivateLink',
      metadata: { name: this.name },
      spec: {
        region: ireland.REGION,
        vpc: { id: this.vpcId },
        subnets: { ids: [this.subnetId] },
        endpoints: [{ service: 'api' }, { service: 'notebook' }],
        ...wish,
      },
    };
    const file = { fileName: 'link.json', text: JSON.stringify(object) };
    const { links, errors } = readLinks([file], { clusterId: ireland.CLUSTER_ID });
    const [link] = links;
    if (link === undefined) throw new Error(errors.join('\n'));
    return link;
  }
}

/** What the condition about notebook access says is denied; on deletion there is only Ready. */
function denialIn({ conditions = [] }: SageMakerPrivateLinkStatus): string | undefined {
  const about = (wanted: string) => conditions.find(({ type }) => type === wanted);
  const found = about('NotebookAccessEnforced') ?? about('Ready');
  return found?.reason === 'AccessDenied' ? found.message : undefined;
}
