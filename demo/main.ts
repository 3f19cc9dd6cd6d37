/** The demo: a simulated AWS and a link's life in it. Exit code 0 only if all of it was seen. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startSimulator } from '../src/simulator/simulator.ts';
import { hasPrograms } from '../test/environment/control-plane-programs.ts';
import { castIn, regionName, trainer } from './cast.ts';
import { ClusterStage } from './cluster-stage.ts';
import type { Stage } from './stage.ts';
import { StandaloneStage } from './standalone-stage.ts';
import { tellStory, type ToldChapter } from './story.ts';
import type { Telling } from './telling.ts';
import { commandsToTry, tryItLines } from './try-it.ts';
import { silentView, textView, type View } from './view.ts';
import { startVpcResolver } from './vpc-resolver.ts';

const { values: flags } = parseArgs({
  allowNegative: true,
  options: {
    json: { type: 'boolean', default: false },
    /** Without it, a cluster is used where its programs are on this machine already. */
    cluster: { type: 'boolean' },
    /** For the files that the demo leaves. */
    folder: { type: 'string', default: join(import.meta.dirname, '../dist/demo') },
  },
});

process.exitCode = await main();
// Connections that are kept alive would keep the process for some seconds more.
setTimeout(() => process.exit(), 500).unref();

async function main(): Promise<number> {
  const begun = performance.now();
  const view = flags.json ? silentView : textView(process.stdout);
  const simulator = await startSimulator({ pendingMs: 700, deletingMs: 500, tombstoneMs: 300 });
  const cast = castIn(simulator.world);
  const region = simulator.world.region(regionName);
  const resolver = await startVpcResolver(region, cast.vpcId);
  let stage: Stage | undefined;
  try {
    view.say(`A simulated AWS is at ${simulator.url}. Its minutes are shortened.`);
    stage = await chooseStage(simulator.url, view);
    view.say(`At work is ${stage.description}.`);
    const telling: Telling = {
      stage,
      simulator,
      region,
      account: simulator.world.account(),
      resolver,
      cast,
      view,
      folder: flags.folder,
      // Generous: a busy machine is no reason to fail.
      patienceMs: 120_000,
      memory: { lastCall: 0 },
    };
    return end(telling, await tellStory(telling), begun);
  } catch (error) {
    return failed(error);
  } finally {
    await stage?.close();
    await resolver.close();
    await simulator.close();
  }
}

async function chooseStage(awsUrl: string, view: View): Promise<Stage> {
  const programs = ['etcd', 'kube-apiserver', 'kubectl'] as const;
  if (!(flags.cluster ?? (await hasPrograms(programs)))) {
    return new StandaloneStage(awsUrl, flags.folder, trainer);
  }
  view.waiting('starting etcd and kube-apiserver');
  return ClusterStage.start(awsUrl, trainer);
}

function end(
  { view, memory, folder, cast }: Telling,
  chapters: readonly ToldChapter[],
  begun: number,
): number {
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const file = join(folder, `${cast.link.metadata.name}.yaml`);
  const commands = commandsToTry(file, memory.endpoints ?? []);
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ ok: true, seconds, chapters, commands })}\n`);
  }
  view.say(`\nAll ${chapters.length} chapters were seen to be true in ${seconds} s.`);
  for (const line of tryItLines(commands)) view.say(line);
  return 0;
}

function failed(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  if (flags.json) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
  process.stderr.write(`The demo failed: ${message}\n`);
  return 1;
}
