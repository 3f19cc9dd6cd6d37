import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { PolicyDocument } from '../../../../src/plan/facts.ts';
import type { AccessRequest } from '../../../../src/plan/notebook-policy/document/evaluate.ts';

const allowEverything = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/**
 * True if `@cloud-copilot/iam-simulate` says that the documents deny a request that everything else
 * allows. Throws if the documents or the request are not valid for AWS.
 */
export async function isDeniedByIam(
  documents: readonly PolicyDocument[],
  request: AccessRequest,
): Promise<boolean> {
  const [, partition = '', , , account = ''] = request.resource.split(':');
  const answer = await runSimulation(
    {
      request: {
        principal: `arn:${partition}:iam::${account}:role/DataScientist`,
        action: request.action,
        resource: { resource: request.resource, accountId: account },
        contextVariables: contextOf(request),
      },
      identityPolicies: [allowEverything, ...documents.map(withoutWholeIpv4)].map(
        (policy, index) => ({
          name: `policy-${index}`,
          policy,
        }),
      ),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(JSON.stringify(answer.errors));
  if (answer.overallResult === 'Allowed') return false;
  if (answer.overallResult === 'ExplicitlyDenied') return true;
  throw new Error(`neither allowed nor explicitly denied: ${answer.overallResult}`);
}

/**
 * The simulator (0.1.173) takes 0.0.0.0/0 for the one address 0.0.0.0, because it shifts a mask by 32
 * bits, which is a shift by none in JavaScript. AWS means every address by it, and so do two halves.
 */
function withoutWholeIpv4(document: PolicyDocument): PolicyDocument {
  const text = JSON.stringify(document).replaceAll('"0.0.0.0/0"', '"0.0.0.0/1","128.0.0.0/1"');
  return JSON.parse(text) as PolicyDocument;
}

/** The request's condition keys; absent ones are not there at all. */
function contextOf(request: AccessRequest): Record<string, string> {
  const context = {
    'aws:SourceIp': request.sourceIp,
    'aws:VpcSourceIp': request.vpcSourceIp,
    'aws:SourceVpce': request.sourceVpce,
    'aws:SourceVpc': request.sourceVpc,
    'aws:ViaAWSService':
      request.viaAWSService === undefined ? undefined : String(request.viaAWSService),
  };
  const present = Object.entries(context).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(present);
}
