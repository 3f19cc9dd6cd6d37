import type { SageMakerPrivateLinkStatus } from '../src/api/sagemaker-private-link.ts';
import { createCloudDirectory } from '../src/aws/accounts/cloud-directory.ts';
import { readLinks, type StandaloneLink } from '../src/standalone/link-files.ts';
import { createProgressText } from '../src/standalone/progress-text.ts';
import { runStandalone } from '../src/standalone/standalone-run.ts';
import { systemClock } from '../src/runtime/clock.ts';
import type { Stage } from './stage.ts';

const clusterId = 'demo';

/** The core alone, as `sagemaker-privatelink apply` runs it, going on for ever as the operator. */
export function standaloneStage(linkName: string): Stage {
  const clouds = createCloudDirectory({ clusterId, gatherMs: 20 });
  const text = createProgressText(linkName);
  const notes: string[] = [];
  let link: StandaloneLink | undefined;
  let status: SageMakerPrivateLinkStatus | undefined;
  let work = new AbortController();
  let running: Promise<unknown> = Promise.resolve();

  function run(goal: 'present' | 'absent'): void {
    if (link === undefined) throw new Error('nothing was applied yet');
    const { signal } = work;
    running = runStandalone({
      link,
      goal,
      cloud: clouds.cloudFor({ region: link.spec.region }),
      clock: systemClock(),
      pollMs: 300,
      consistencyMs: 500,
      patience: { dnsSettleMs: 1_000, iamSettleMs: 300, wayDeadlineMs: 600_000 },
      until: goal === 'present' ? 'never' : 'settled',
      signal,
      onProgress: (progress) => {
        if (progress.kind === 'status') ({ status } = progress);
        else notes.push(...text.linesOf(progress));
      },
    }).then((end) => {
      if (end.outcome === 'gone') status = undefined;
    });
    running.catch(() => undefined);
  }

  async function stop(): Promise<void> {
    work.abort(new Error('the story goes on'));
    await running.catch(() => undefined);
    work = new AbortController();
  }

  return {
    description: 'standalone mode: the same core as the operator, without a cluster',
    apply(yaml) {
      const { links, errors } = readLinks([{ fileName: 'link.yaml', text: yaml }], { clusterId });
      if (errors.length > 0) throw new Error(errors.join('\n'));
      [link] = links;
      run('present');
      return Promise.resolve();
    },
    status: () => Promise.resolve(status),
    notes: () => notes,
    async remove() {
      await stop();
      run('absent');
    },
    async close() {
      await stop();
      clouds.close();
    },
  };
}
