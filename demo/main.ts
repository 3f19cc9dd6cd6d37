/** The demo: a simulated AWS, a link, two mishaps and an end. Exit code 0 only if all was seen. */
import { parseArgs } from 'node:util';
import { startSimulator } from '../src/simulator/simulator.ts';
import { clusterStage } from './cluster-stage.ts';
import type { Stage } from './stage.ts';
import { standaloneStage } from './standalone-stage.ts';
import { type Chapter, tellStory } from './story.ts';
import { liveView, logView, silentView, type View } from './view.ts';

const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    cluster: { type: 'boolean', default: false },
  },
});

const linkName = 'ml-demo';
const regionName = 'eu-west-1';

process.exitCode = await main();
// A simulator's keep-alive connections would keep the process for some seconds more.
setTimeout(() => process.exit(), 1_000).unref();

async function main(): Promise<number> {
  const begun = performance.now();
  const view = chooseView();
  const simulator = await startSimulator({ pendingMs: 1_200, deletingMs: 800, tombstoneMs: 300 });
  pointAwsAt(simulator.url);
  const region = simulator.world.region(regionName);
  view.say(`A simulated AWS listens on ${simulator.url}.`);
  let stage: Stage | undefined;
  try {
    stage = flags.cluster ? await clusterStage(linkName, simulator.url) : standaloneStage(linkName);
    const yaml = linkYaml(
      region.defaultVpc().id,
      region.subnets().map(({ id }) => id),
    );
    view.say(`Running in ${stage.description}.\n\n${yaml}`);
    const patienceMs = flags.cluster ? 60_000 : 15_000;
    const chapters = await tellStory({ stage, region, view, patienceMs }, yaml);
    return end(view, chapters, begun);
  } catch (error) {
    return failed(error);
  } finally {
    await stage?.close();
    await simulator.close();
  }
}

function chooseView(): View {
  if (flags.json) return silentView;
  if (process.stdout.isTTY) return liveView(process.stdout);
  return logView((line) => process.stdout.write(`${line}\n`));
}

/** Whoever has real AWS credentials in the environment must not have them used by a demo. */
function pointAwsAt(url: string): void {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('AWS_')) delete process.env[name];
  }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  });
}

function linkYaml(vpcId: string, subnetIds: readonly string[]): string {
  return `apiVersion: sagemaker.privatelink.dev/v1alpha1
kind: SageMakerPrivateLink
metadata:
  name: ${linkName}
spec:
  region: ${regionName}
  vpc: {id: ${vpcId}}
  subnets:
    ids:
${subnetIds.map((id) => `    - ${id}`).join('\n')}
  endpoints:
  - service: api
  - service: runtime
  sweepInterval: 10s
`;
}

function end(view: View, chapters: readonly Chapter[], begun: number): number {
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  if (flags.json) process.stdout.write(`${JSON.stringify({ ok: true, seconds, chapters })}\n`);
  view.say(`\nAll ${chapters.length} chapters were seen to be true in ${seconds} s.`);
  return 0;
}

function failed(error: unknown): number {
  const message = error instanceof Error ? error.message : String(error);
  if (flags.json) process.stdout.write(`${JSON.stringify({ ok: false, error: message })}\n`);
  process.stderr.write(`The demo failed: ${message}\n`);
  return 1;
}
