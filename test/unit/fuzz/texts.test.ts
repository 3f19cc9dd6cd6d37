/** Everything that parses text, given any text: an answer or a refusal, never a crash. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseCIDR, parseIP } from '../../../src/api/validation/ip-address.ts';
import { parseLinks } from '../../../src/api/validation/parse-links.ts';
import { validateLink } from '../../../src/api/validation/validate-link.ts';
import { parsePolicyDocument } from '../../../src/aws/notebook-policy/policy-document.ts';
import { canonicalCidr, isInside } from '../../../src/plan/network/cidr.ts';
import { readClauses } from '../../../src/plan/notebook-policy/document/read-document.ts';

const runs = { numRuns: 400 };

/** Any text, and text that is nearly of the form. */
function textLike(characters: string): fc.Arbitrary<string> {
  return fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...characters.split('')), maxLength: 60 }),
  );
}

const condition = fc.dictionary(
  fc.constantFrom('NotIpAddress', 'StringNotEquals', 'StringEquals', 'BoolIfExists', 'Null'),
  fc.oneof(
    fc.dictionary(
      fc.constantFrom('aws:SourceIp', 'aws:SourceVpce', 'aws:VpcSourceIp', 'aws:ViaAWSService'),
      fc.oneof(
        fc.string(),
        fc.array(fc.oneof(fc.string(), fc.constantFrom('203.0.113.0/24', 'false', 'vpce-1'))),
        fc.jsonValue(),
      ),
    ),
    fc.jsonValue(),
  ),
);

const statement = fc.record(
  {
    Effect: fc.oneof(fc.constantFrom('Deny', 'Allow'), fc.jsonValue()),
    Action: fc.oneof(fc.constant('sagemaker:CreatePresignedDomainUrl'), fc.jsonValue()),
    Resource: fc.oneof(fc.constant('*'), fc.constant('arn:aws:sagemaker:*'), fc.jsonValue()),
    Condition: fc.oneof(condition, fc.jsonValue()),
  },
  { requiredKeys: [] },
);

const document = fc.record(
  {
    Version: fc.oneof(fc.constant('2012-10-17'), fc.jsonValue()),
    Statement: fc.oneof(fc.array(statement), statement, fc.jsonValue()),
  },
  { requiredKeys: [] },
);

test('F23: a policy document of any text is a JSON object or none', () => {
  const texts = fc.oneof(
    textLike('{}[]":,%20Deny'),
    fc.json(),
    document.map((one) => encodeURIComponent(JSON.stringify(one))),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const parsed = parsePolicyDocument(text);
      expect(parsed === undefined || Object.getPrototypeOf(parsed) === Object.prototype).toBe(true);
    }),
    runs,
  );
});

test('any document is one of ours with its clauses, or not one of ours', () => {
  fc.assert(
    fc.property(document, (one) => {
      const clauses = readClauses(one as Record<string, unknown>);
      expect(clauses === undefined || Array.isArray(clauses)).toBe(true);
    }),
    runs,
  );
});

test('a block of any text has a canonical form, which is its own, or none', () => {
  const texts = fc.oneof(
    textLike('0123456789abcdef:./ '),
    fc
      .tuple(fc.oneof(fc.ipV4(), fc.ipV6()), fc.integer({ min: -1, max: 130 }))
      .map((x) => x.join('/')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const canonical = canonicalCidr(text);
      if (canonical === undefined) return;
      expect(canonicalCidr(canonical)).toBe(canonical);
      expect(isInside(canonical.split('/')[0] ?? '', [canonical])).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test('addresses and blocks of any text are told from others without a crash', () => {
  fc.assert(
    fc.property(textLike('0123456789abcdef:./%'), (text) => {
      parseIP(text);
      parseCIDR(text);
      isInside(text, ['10.0.0.0/8', '2001:db8::/32']);
    }),
    { numRuns: 2_000 },
  );
});

const linkText = fc
  .record(
    {
      apiVersion: fc.constant('sagemaker.privatelink.dev/v1alpha1'),
      kind: fc.constant('SageMakerPrivateLink'),
      metadata: fc.oneof(fc.constant({ name: 'ml' }), fc.jsonValue()),
      spec: fc.oneof(
        fc.record(
          {
            region: fc.oneof(fc.constant('eu-west-1'), fc.jsonValue()),
            account: fc.jsonValue(),
            vpc: fc.oneof(fc.constant({ id: 'vpc-0a1b2c3d4e5f67890' }), fc.jsonValue()),
            subnets: fc.oneof(fc.constant({ tags: { a: 'b' } }), fc.jsonValue()),
            endpoints: fc.oneof(fc.constant([{ service: 'api' }]), fc.jsonValue()),
            securityGroup: fc.jsonValue(),
            notebookAccess: fc.jsonValue(),
            tags: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: [] },
  )
  .map((link) => JSON.stringify(link));

test('a file of any text is links, or what is wrong with it and where', () => {
  const texts = fc.oneof(textLike('{}[]:,&*!|>-#\'"\n ab?%@`~'), linkText);
  fc.assert(
    fc.property(texts, (text) => {
      for (const { problems, object } of parseLinks(text, 'any.yaml')) {
        for (const problem of problems) expect(problem).toContain('any.yaml');
        if (problems.length > 0) continue;
        const { violations } = validateLink(object);
        for (const { message } of violations) expect(message).not.toBe('');
      }
    }),
    { numRuns: 300 },
  );
});
