import { expect, test } from '@jest/globals';
import { suggestion } from '../../../../src/api/validation/suggestion.ts';
import { validateLink } from '../../../../src/api/validation/validate-link.ts';

function suggestionsFor(changes: object): readonly string[] {
  const link = {
    apiVersion: 'sagemaker.privatelink.dev/v1alpha1',
    kind: 'SageMakerPrivateLink',
    metadata: { name: 'ml' },
    spec: {
      region: 'eu-west-1',
      vpc: { id: 'vpc-0a1b2c3d4e5f67890' },
      subnets: { tags: { ml: 'private' } },
      endpoints: [{ service: 'api' }],
    },
    ...changes,
  };
  return validateLink(link).violations.map(suggestion);
}

test.each([
  [{ spec: { regoin: 'eu-west-1' } }, 'region'],
  [{ spec: { Region: 'eu-west-1' } }, 'region'],
  [{ spec: { notebookAcess: {} } }, 'notebookAccess'],
  [{ spec: { endpoints: [{ service: 'api', privateDns: true }] } }, 'privateDNS'],
  [{ spec: { endpoints: [{ servicename: 'x' }] } }, 'serviceName'],
  [{ metadata: { name: 'ml', lables: {} } }, 'labels'],
])('%j: did you mean %s', (changes, field) => {
  expect(suggestionsFor(changes)).toEqual([`, did you mean "${field}"?`]);
});

test('a field like none has no suggestion, and other mistakes have none either', () => {
  expect(suggestionsFor({ spec: { bananas: 1 } })).toEqual(['']);
  expect(suggestionsFor({ spec: { region: 5, endpoints: [] } }).join('')).toBe('');
  // A policy is free-form where the schema says so, and tags have any key.
  expect(suggestionsFor({ spec: { vpc: { tags: { regoin: 'a' } } } }).join('')).toBe('');
});
