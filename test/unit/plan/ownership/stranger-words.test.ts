import { expect, test } from '@jest/globals';
import { askFirst, strangerWords } from '../../../../src/plan/ownership/stranger-words.ts';

const owner = { clusterId: 'prod', uid: 'u-1', name: 'ml' };

test('names the owner and the tags that tell most, in few words', () => {
  const tags = {
    'aws:cloudformation:stack-id': 'arn:aws:cloudformation:eu-west-1:1:stack/net/1',
    a: '1',
    b: '2',
    c: '3',
    'app.example.com/owner': 'networking',
    Name: 'shared',
  };
  expect(strangerWords(tags, owner)).toMatch(
    /^which belongs to CloudFormation.* \(tags Name=shared, app\.example\.com\/owner=networking, a=1, .* and 1 more\)$/,
  );
  expect(askFirst(tags, owner)).toMatch(/^Ask its owner first/);
});

test('without owner tags whoever made it is to be asked', () => {
  expect(strangerWords({}, owner)).toBe('which has no owner tags');
  expect(askFirst({}, owner)).toMatch(/^Ask whoever made it first/);
});

test('shows nothing that a terminal would act on, and no more than a line', () => {
  const words = strangerWords({ Name: `a\u001b[31m\u202e\nb${'x'.repeat(300)}` }, owner);
  expect(words).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(words.length).toBeLessThan(150);
});

test('a link of our name in another cluster may be this very one, and the way to it is said', () => {
  const tags = {
    'sagemaker.privatelink.dev/cluster': 'old-prod',
    'sagemaker.privatelink.dev/uid': 'u-0',
    'sagemaker.privatelink.dev/name': 'ml',
  };
  expect(askFirst(tags, owner)).toMatch(
    /^It has this link's name: .* give --cluster-id old-prod instead of prod, or .* plan --context\. Ask its owner first/,
  );
  const others = { ...tags, 'sagemaker.privatelink.dev/name': 'other' };
  expect(askFirst(others, owner)).toMatch(/^Ask its owner first/);
});
