import { LRUCache } from 'lru-cache';
import type { Gauge } from 'prom-client';
import { schema } from '../api/generated/sagemaker-private-link-schema.ts';
import {
  apiVersion,
  group,
  kind,
  plural,
  type SageMakerPrivateLink,
  version,
} from '../api/sagemaker-private-link.ts';
import { schemaGaps } from '../api/schema-gaps.ts';
import type { ApiCalls } from '../kubernetes/api-calls.ts';
import { servedSchema } from '../kubernetes/client/served-schema.ts';
import type { EventRecord } from '../kubernetes/events/event-recorder.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../telemetry/logger.ts';

/** How often the schema is read: an older CRD comes back only by a rollback. */
const checkMs = 3_600_000;
/** The same while something is lacking: somebody is about to apply the CRD. */
const outdatedCheckMs = 300_000;
/** In bytes; the schema with its descriptions has 200 kB. */
const longestSchema = 8_000_000;
const mostNamed = 12;

export interface OutdatedKindOptions {
  readonly client: ApiCalls;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly recordEvent: (event: EventRecord) => void;
  /** How many fields the CRD lacks. */
  readonly missingFields: Pick<Gauge, 'set'>;
}

/** Knows whether the cluster's CRD is older than the operator. */
export interface OutdatedKind {
  /** Looks now and then until the signal aborts, logs each finding once and keeps the metric. */
  follow(signal: AbortSignal): Promise<void>;
  /** Tells a link in an event that fields of it are dropped, once for each finding. @param find asked for it */
  tell(find: () => SageMakerPrivateLink | undefined): void;
}

/** Links that come and go under an old CRD are forgotten; more than this are told again. */
const mostTold = 10_000;

/**
 * Holds the schema that the API server serves against the operator's own. With an older CRD, which
 * somebody forgot to upgrade or rolled back, the API server drops fields without a word: from specs that
 * people write, and from statuses that the operator writes.
 */
export function createOutdatedKind(options: OutdatedKindOptions): OutdatedKind {
  const { client, clock, logger, recordEvent, missingFields } = options;
  let gaps: readonly string[] = [];
  const told = new LRUCache<string, true>({ max: mostTold });

  async function look(signal: AbortSignal): Promise<void> {
    const call = { signal, longestBody: longestSchema };
    const served = await servedSchema(client, { group, version, kind }, call);
    if (served === undefined) return;
    const found = schemaGaps(schema, served);
    if (found.join() === gaps.join()) return;
    gaps = found;
    missingFields.set(gaps.length);
    told.clear();
    const crd = `${plural}.${group}`;
    if (gaps.length > 0) logger.warn({ crd, missing: gaps }, `the ${outdated}`);
    else logger.info({ crd }, 'the CRD in the cluster has every field again');
  }

  return {
    async follow(signal) {
      while (!signal.aborted) {
        try {
          await look(signal);
        } catch (error) {
          if (!signal.aborted) logger.debug({ err: error }, 'the schema of links cannot be read');
        }
        const pauseMs = gaps.length > 0 ? outdatedCheckMs : checkMs;
        await clock.sleep(pauseMs, signal).catch(() => undefined);
      }
      // The process that leads from now on says it.
      missingFields.set(0);
    },
    tell(find) {
      if (gaps.length === 0) return;
      const { name, uid } = find()?.metadata ?? {};
      if (name === undefined || uid === undefined || told.has(uid)) return;
      told.set(uid, true);
      recordEvent({
        regarding: { apiVersion, kind, name, uid },
        type: 'Warning',
        reason: 'CRDOutdated',
        action: 'Reconcile',
        note: `The ${outdated}. The CRD lacks ${named(gaps)}.`,
      });
    },
  };
}

const outdated =
  "CRD in the cluster is older than the operator, and the API server drops or refuses the fields that it lacks. Apply crds/sagemakerprivatelinks.yaml of the operator's version";

function named(gaps: readonly string[]): string {
  const others = gaps.length - mostNamed;
  return `${gaps.slice(0, mostNamed).join(', ')}${others > 0 ? ` and ${others} more` : ''}`;
}
