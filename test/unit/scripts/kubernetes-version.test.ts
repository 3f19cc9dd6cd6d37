import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import {
  kubernetesModuleFolder,
  kubernetesVersion,
  kubernetesVersions,
} from '../../environment/kubernetes-version.ts';

const root = join(import.meta.dirname, '../../..');
const versions = kubernetesVersions();
const minors = versions.map(({ minor }) => minor);

describe('the list of tested versions of Kubernetes', () => {
  test('has three minor versions in a row, newest first', () => {
    const numbers = minors.map((minor) => Number(/^1\.(\d+)$/.exec(minor)?.[1]));
    const [newest = Number.NaN] = numbers;
    expect(numbers).toEqual([newest, newest - 1, newest - 2]);
  });

  test('has an entry for every module, and a module for every entry', () => {
    const entries = readdirSync(join(root, 'tools/kube-apiserver'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(new Set(folders)).toEqual(new Set(minors));
  });

  test.each(versions)('$minor: its module builds $version', (kubernetes) => {
    const module = readFileSync(join(kubernetesModuleFolder(kubernetes), 'go.mod'), 'utf8');
    const pinned = /^\s*(?:require )?k8s\.io\/kubernetes (v\S+)/m.exec(module)?.[1];
    expect(pinned).toBe(kubernetes.version);
    for (const { version } of [kubernetes, kubernetes.archive ?? kubernetes]) {
      expect(version.startsWith(`v${kubernetes.minor}.`)).toBe(true);
    }
  });

  test('the chart takes the oldest and nothing older', () => {
    const chart = parse(readFileSync(join(root, 'deploy/chart/Chart.yaml'), 'utf8')) as {
      readonly kubeVersion: string;
    };
    expect(chart.kubeVersion).toBe(`>=${minors.at(-1)}.0-0`);
  });
});

describe('the version of a run', () => {
  test('is the newest when none is wanted', () => {
    expect(kubernetesVersion('')).toEqual(versions[0]);
  });

  test.each(versions)('is $minor when that is wanted', (kubernetes) => {
    expect(kubernetesVersion(kubernetes.minor)).toEqual(kubernetes);
  });

  test.each(['1.3', 'v1.33.13', '1.99'])(
    'is a mistake with the names when %s is wanted',
    (wanted) => {
      expect(() => kubernetesVersion(wanted)).toThrow(
        `SMPL_KUBERNETES_VERSION=${wanted} is none of the versions`,
      );
      expect(() => kubernetesVersion(wanted)).toThrow(`Set it to one of ${minors.join(', ')}.`);
    },
  );
});
