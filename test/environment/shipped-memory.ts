/** The memory of the operator's container, as its manifest and its image set it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

export interface ShippedMemory {
  /** Of the container: beyond it the kernel ends the process. */
  readonly limitMiB: number;
  /** Of objects that live long. */
  readonly oldSpaceMiB: number;
  /** Of new objects: three semi-spaces. */
  readonly youngSpaceMiB: number;
  /** Environment variables that give a process outside of a container the same memory. */
  readonly env: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '../..');

/** Reads `deploy/base/deployment.yaml` and the Dockerfile. Throws where one of the figures is missing. */
export async function shippedMemory(): Promise<ShippedMemory> {
  const limitMiB = await memoryLimit();
  const dockerfile = await readFile(join(root, 'Dockerfile'), 'utf8');
  const figure = (pattern: RegExp): number => {
    const [, value] = pattern.exec(dockerfile) ?? [];
    if (value === undefined) throw new Error(`the Dockerfile does not have ${pattern.source}`);
    return Number(value);
  };
  const percentage = figure(/--max-old-space-size-percentage=(\d+)/);
  const semiSpaceMiB = figure(/--max-semi-space-size=(\d+)/);
  const oldSpaceMiB = Math.floor((limitMiB * percentage) / 100);
  return {
    limitMiB,
    oldSpaceMiB,
    youngSpaceMiB: 3 * semiSpaceMiB,
    env: {
      NODE_OPTIONS: `--max-old-space-size=${oldSpaceMiB} --max-semi-space-size=${semiSpaceMiB}`,
      MALLOC_ARENA_MAX: String(figure(/MALLOC_ARENA_MAX=(\d+)/)),
      MALLOC_MMAP_THRESHOLD_: String(figure(/MALLOC_MMAP_THRESHOLD_=(\d+)/)),
    },
  };
}

async function memoryLimit(): Promise<number> {
  const text = await readFile(join(root, 'deploy/base/deployment.yaml'), 'utf8');
  const [deployment] = parseAllDocuments(text).map((document) => document.toJS() as Deployment);
  const limit = deployment?.spec.template.spec.containers[0]?.resources.limits.memory ?? '';
  const [, mebibytes] = /^(\d+)Mi$/.exec(limit) ?? [];
  if (mebibytes === undefined) throw new Error(`the limit ${limit} is not in Mi`);
  return Number(mebibytes);
}

interface Deployment {
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containers: readonly {
          readonly resources: { readonly limits: { readonly memory: string } };
        }[];
      };
    };
  };
}
