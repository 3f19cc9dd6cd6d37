import { expect, test } from '@jest/globals';
import { withDefaults } from '../../../src/api/link-defaults.ts';
import { enforcementOf } from '../../../src/api/policy-enforcement.ts';
import type { SageMakerPrivateLink } from '../../../src/api/sagemaker-private-link.ts';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { readSpecs } from '../../specs/read-specs.ts';

test.each(readSpecs('valid'))(
  'a link of an API server that knows no default is as one that knows them all: $name',
  ({ name, text }) => {
    for (const { object } of parseLinks(text, name)) {
      const written = object as SageMakerPrivateLink;
      const stored = validateLink(written).link as SageMakerPrivateLink;
      const { clients, ...others } = withDefaults(written).spec;
      const { clients: storedClients, ...storedOthers } = stored.spec;
      expect(others).toEqual(storedOthers);
      // Of all fields one gets no default: see below.
      const enforcement = enforcementOf(written) === 'Unknown' ? undefined : expect.anything();
      const { networkPolicy } = storedClients ?? {};
      expect(clients).toEqual(
        networkPolicy === undefined
          ? storedClients
          : { ...storedClients, networkPolicy: { ...networkPolicy, enforcement } },
      );
      expect(withDefaults(stored).spec).toEqual(stored.spec);
    }
  },
);

test('the status is left as it was written', () => {
  const link = { metadata: { name: 'ml', uid: 'one' }, spec: {}, status: { vpcId: 'vpc-1' } };
  expect(withDefaults(link as never).status).toEqual({ vpcId: 'vpc-1' });
});

test.each([
  [{ networkPolicy: {} }, 'Unknown'],
  [{ networkPolicy: { enforcement: 'Audit' } }, 'Audit'],
  [{ networkPolicy: { enforcement: 'Enforce' } }, 'Enforce'],
  [{ configMap: { name: 'c' } }, undefined],
  [undefined, undefined],
])('whether the policies of %j are in force is %s', (clients, expected) => {
  const link = { metadata: { name: 'ml', uid: 'one' }, spec: { clients } };
  expect(enforcementOf(withDefaults(link as never))).toBe(expected);
});
