import { expect, test } from '@jest/globals';
import { linkViews } from '../../../src/standalone/link-views.ts';

function errorsOf(status: string): readonly string[] {
  const text = `apiVersion: sagemaker.privatelink.dev/v1alpha1
kind: SageMakerPrivateLink
metadata:
  name: a
spec:
  region: eu-west-1
  vpc:
    id: vpc-0a1b2c3d
  subnets:
    ids: [subnet-0a1b2c3d]
  endpoints:
    - service: api
${status}`;
  return linkViews([{ fileName: 'a.yaml', text }]).errors;
}

test('a status of a wrong form is named by its path and its line', () => {
  expect(errorsOf('status:\n  endpoints: []\n')).toEqual([]);
  expect(errorsOf('status: []\n')).toEqual([
    'a.yaml:13: status: Invalid value: "array": status in body must be of type object: "array"',
  ]);
  expect(errorsOf('status:\n  endpoints:\n    - service: 1\n')).toContain(
    'a.yaml:15: status.endpoints[0].service: Invalid value: "integer": status.endpoints[0].service in body must be of type string: "integer"',
  );
});
