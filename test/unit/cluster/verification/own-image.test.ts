/** The image of the operator's own pod. */
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import {
  createOwnImage,
  type PodWithImages,
} from '../../../../src/cluster/verification/own-image.ts';

const shipped = new URL('../../../../deploy/base/deployment.yaml', import.meta.url);
const { signal } = new AbortController();
const place = { namespace: 'system', name: 'operator-0' };

function imageAmong(
  containers: readonly { name: string; image: string }[] | undefined,
  more: Partial<PodWithImages['spec']> = {},
) {
  const asked: unknown[] = [];
  const spec = { containers: containers ?? [], ...more };
  const items: PodWithImages[] =
    containers === undefined ? [] : [{ metadata: { name: 'operator-0' }, spec }];
  const list = async (options: unknown) => {
    asked.push(options);
    return { items, resourceVersion: '1' };
  };
  return { asked, image: createOwnImage({ list: list as never }, place) };
}

test('it is that of the container of the operator, and is asked for once', async () => {
  const { asked, image } = imageAmong([
    { name: 'sidecar', image: 'sidecar:1' },
    { name: 'operator', image: 'operator:1' },
  ]);
  expect(await image(signal)).toEqual({ reference: 'operator:1' });
  expect(await image(signal)).toEqual({ reference: 'operator:1' });
  expect(asked).toEqual([
    { namespace: 'system', fieldSelector: 'metadata.name=operator-0', signal },
  ]);
});

test('a container of another name counts where it is the only one', async () => {
  expect(await imageAmong([{ name: 'manager', image: 'm:1' }]).image(signal)).toEqual({
    reference: 'm:1',
  });
});

test('a pod that there is not is said by its name', async () => {
  await expect(imageAmong(undefined).image(signal)).rejects.toThrow('no pod operator-0 in system');
});

test('its architectures are those that the install holds the pod to', async () => {
  const { spec } = parse(readFileSync(shipped, 'utf8')) as {
    spec: { template: { spec: PodWithImages['spec'] } };
  };
  const { containers: _, ...placed } = spec.template.spec ?? {};
  const { image } = imageAmong([{ name: 'operator', image: 'operator:1' }], placed);
  expect(await image(signal)).toEqual({
    reference: 'operator:1',
    architectures: ['amd64', 'arm64'],
  });
});
