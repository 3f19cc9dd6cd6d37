/** People who open notebooks while a link changes, and who follow private DNS late. */
import type { OwnerIdentity } from '../../src/plan/looks.ts';
import {
  type Names,
  type World,
  wrongsOnTheWay,
} from '../../test/unit/plan/notebook-policy/change-model.ts';
import type { SimulatedAws } from '../world/simulated-aws.ts';
import { holdingsOf } from '../world/snapshot.ts';

/**
 * How long callers may come either way after AWS was asked for a change of private DNS: while AWS
 * works on it, and as long as a resolver remembers the former answer.
 */
const followMs = 57_000;

/** The principals of the change model, by the roles that there are. */
const roles: Readonly<Record<string, string>> = { DataScientist: 'ana', Analyst: 'ben' };

interface Following {
  readonly privateDns: boolean;
  /** Undefined: nobody was ever led another way. */
  readonly changedAt: number | undefined;
}

/** Notes what callers meet at each change, and who lost or got access only on the way. */
export class NotebookCallers {
  private readonly aws: SimulatedAws;
  private readonly following = new Map<string, Following>();
  private worlds: World[] = [];

  constructor(aws: SimulatedAws) {
    this.aws = aws;
  }

  /** Forgets what was: from here on one change is made. */
  begin(owner: OwnerIdentity, nowMs: number): void {
    this.worlds = [];
    this.note(owner, nowMs);
  }

  note(owner: OwnerIdentity, nowMs: number): void {
    const { endpoints, policies, attachments } = holdingsOf(this.aws, owner);
    const [policy] = policies;
    const version = policy?.versions.find(({ id }) => id === policy.defaultVersionId);
    this.worlds.push({
      endpoints: endpoints
        .filter(({ deletion }) => deletion === undefined)
        .flatMap(({ id, serviceName, privateDnsEnabled: privateDns }) => {
          const service = /\.(api|notebook)$/.exec(serviceName)?.[1] as 'api' | 'notebook';
          if (service === undefined) return [];
          const names = this.namesOf(id, privateDns, nowMs);
          const beside = names === 'Settled' ? ('Nothing' as const) : ('Public' as const);
          return [{ id, service, privateDns, names, beside }];
        }),
      enforced: version === undefined ? undefined : JSON.parse(version.document),
      attached: attachments.flatMap(({ principal }) => roles[principal.name] ?? []),
    });
  }

  wrongs(): readonly string[] {
    return wrongsOnTheWay(this.worlds);
  }

  private namesOf(id: string, privateDns: boolean, nowMs: number): Names {
    const known = this.following.get(id);
    if (known?.privateDns !== privateDns) {
      const isNew = known === undefined && !privateDns;
      this.following.set(id, { privateDns, changedAt: isNew ? undefined : nowMs });
    }
    const { changedAt } = this.following.get(id) ?? { changedAt: undefined };
    return changedAt === undefined || nowMs - changedAt > followMs ? 'Settled' : 'Lagging';
  }
}
