import { describe as group, expect, test } from '@jest/globals';
import {
  CreateModelCommand,
  ListNotebookInstancesCommand,
  type ListNotebookInstancesCommandInput,
  paginateListNotebookInstances,
  SageMakerClient,
} from '@aws-sdk/client-sagemaker';
import {
  InvokeEndpointAsyncCommand,
  InvokeEndpointCommand,
  type InvokeEndpointCommandInput,
  SageMakerRuntimeClient,
} from '@aws-sdk/client-sagemaker-runtime';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { IssuedKey } from '../raw-request.ts';
import { createEndpoint, inAws, refusalOf, type SimulatedAws } from '../simulated-aws.ts';

const anybody = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' };

function configuration({ simulator }: SimulatedAws, key: IssuedKey) {
  const { accessKeyId, secretAccessKey, sessionToken } = key;
  const token = sessionToken === undefined ? {} : { sessionToken };
  const credentials = { accessKeyId, secretAccessKey, ...token };
  return { endpoint: simulator.url, region: 'us-east-1', maxAttempts: 1, credentials };
}

function control(aws: SimulatedAws, key: IssuedKey = anybody): SageMakerClient {
  return new SageMakerClient(configuration(aws, key));
}

function list(
  aws: SimulatedAws,
  input: ListNotebookInstancesCommandInput = {},
  key: IssuedKey = anybody,
) {
  return control(aws, key).send(new ListNotebookInstancesCommand(input));
}

function invoke(
  aws: SimulatedAws,
  input: Partial<InvokeEndpointCommandInput>,
  key: IssuedKey = anybody,
) {
  const command = new InvokeEndpointCommand({ EndpointName: 'churn', Body: 'x', ...input });
  return new SageMakerRuntimeClient(configuration(aws, key)).send(command);
}

/** Credentials that were issued here: what they sign is verified. */
function issue({ simulator }: SimulatedAws) {
  const role = simulator.world.account().createPrincipal({ kind: 'role', name: 'scientist' });
  return fromTemporaryCredentials({
    masterCredentials: anybody,
    params: { RoleArn: role.arn, RoleSessionName: 'session' },
    clientConfig: { endpoint: simulator.url, region: 'us-east-1', maxAttempts: 1 },
  })();
}

group('ListNotebookInstances', () => {
  test(
    'shows the notebook instances of the account and region, by name',
    inAws(async (aws) => {
      const sageMaker = aws.simulator.world.sageMaker('us-east-1');
      sageMaker.addNotebookInstance({ name: 'Team-B', status: 'Stopped' });
      sageMaker.addNotebookInstance({ name: 'Team-A' });
      aws.simulator.world.sageMaker('eu-west-1').addNotebookInstance({ name: 'elsewhere' });
      const { NotebookInstances = [] } = await list(aws);
      expect(NotebookInstances.map((one) => one.NotebookInstanceName)).toEqual([
        'Team-A',
        'Team-B',
      ]);
      expect(NotebookInstances[0]).toEqual({
        NotebookInstanceName: 'Team-A',
        NotebookInstanceArn: 'arn:aws:sagemaker:us-east-1:111122223333:notebook-instance/team-a',
        NotebookInstanceStatus: 'InService',
        Url: 'team-a.notebook.us-east-1.sagemaker.aws',
        InstanceType: 'ml.t3.medium',
        CreationTime: new Date('2026-01-01T00:00:00Z'),
        LastModifiedTime: new Date('2026-01-01T00:00:00Z'),
      });
    }),
  );

  const names = ['a-1', 'a-2', 'b-1'];
  const inputs: [string, ListNotebookInstancesCommandInput, readonly string[]][] = [
    ['a part of the name', { NameContains: 'a-' }, ['a-1', 'a-2']],
    ['the status', { StatusEquals: 'Stopped' }, ['b-1']],
    ['the time, from', { CreationTimeAfter: new Date('2026-01-01T00:00:30Z') }, ['a-2', 'b-1']],
    ['the time, until', { CreationTimeBefore: new Date('2026-01-01T00:01:30Z') }, ['a-1', 'a-2']],
    ['the order', { SortBy: 'CreationTime', SortOrder: 'Descending' }, ['b-1', 'a-2', 'a-1']],
  ];
  test.each(inputs)('asked for %s', (_, input, expected) =>
    inAws(async (aws) => {
      for (const name of names) {
        const status = name.startsWith('b') ? 'Stopped' : 'InService';
        aws.simulator.world.sageMaker('us-east-1').addNotebookInstance({ name, status });
        aws.clock.advance(60_000);
      }
      const { NotebookInstances = [] } = await list(aws, input);
      expect(NotebookInstances.map((one) => one.NotebookInstanceName)).toEqual(expected);
    })(),
  );

  test(
    'has ten to a page, and as many as asked for',
    inAws(async (aws) => {
      const all = Array.from({ length: 23 }, (_, index) => `n-${String(index).padStart(2, '0')}`);
      for (const name of all) {
        aws.simulator.world.sageMaker('us-east-1').addNotebookInstance({ name });
      }
      const pages: number[] = [];
      const seen: unknown[] = [];
      for await (const page of paginateListNotebookInstances({ client: control(aws) }, {})) {
        pages.push(page.NotebookInstances?.length ?? 0);
        seen.push(...(page.NotebookInstances ?? []).map((one) => one.NotebookInstanceName));
      }
      expect(pages).toEqual([10, 10, 3]);
      expect(seen).toEqual(all);
      expect((await list(aws, { MaxResults: 100 })).NotebookInstances).toHaveLength(23);
    }),
  );

  test(
    'refuses what the model of the service does not take, in the words of its framework',
    inAws(async (aws) => {
      expect(await refusalOf(list(aws, { MaxResults: 0 }))).toEqual({
        code: 'ValidationException',
        httpStatus: 400,
        message:
          "1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1",
      });
      const { code } = await refusalOf(list(aws, { MaxResults: 'many' as never }));
      expect(code).toBe('SerializationException');
      expect(await refusalOf(list(aws, { DefaultCodeRepositoryContains: 'x' }))).toMatchObject({
        code: 'SimulatorUnsupported',
      });
    }),
  );
});

group('InvokeEndpoint', () => {
  test(
    'gives the bytes of the request to the model and answers what it says',
    inAws(async (aws) => {
      aws.simulator.world.sageMaker('us-east-1').addInferenceEndpoint({
        name: 'churn',
        variant: 'Blue',
        predict: (input) => input.toReversed(),
      });
      const input = { Body: Uint8Array.of(0, 255, 128, 1), ContentType: 'application/x-npy' };
      const answer = await invoke(aws, input, await issue(aws));
      expect([...(answer.Body ?? [])]).toEqual([1, 128, 255, 0]);
      expect(answer.ContentType).toBe('application/x-npy');
      expect(answer.InvokedProductionVariant).toBe('Blue');
      const accepting = await invoke(aws, { ...input, Accept: 'text/csv' });
      expect(accepting.ContentType).toBe('text/csv');
    }),
  );

  test(
    'does not know a model that is not there, or a variant of one that is',
    inAws(async (aws) => {
      expect(await refusalOf(invoke(aws, {}))).toEqual({
        code: 'ValidationError',
        httpStatus: 400,
        message: 'Endpoint churn of account 111122223333 not found.',
      });
      aws.simulator.world.sageMaker('us-east-1').addInferenceEndpoint({ name: 'churn' });
      const { code, message } = await refusalOf(invoke(aws, { TargetVariant: 'Green' }));
      expect([code, message]).toEqual([
        'ValidationError',
        'Variant Green not found for endpoint churn of account 111122223333.',
      ]);
    }),
  );

  test(
    'refuses a name that is none, and a parameter that is not simulated',
    inAws(async (aws) => {
      expect(await refusalOf(invoke(aws, { EndpointName: 'no_name' }))).toMatchObject({
        code: 'ValidationError',
        message: expect.stringMatching(/Value 'no_name' at 'endpointName' failed/),
      });
      aws.simulator.world.sageMaker('us-east-1').addInferenceEndpoint({ name: 'churn' });
      expect(await refusalOf(invoke(aws, { TargetModel: 'm.tar.gz' }))).toMatchObject({
        code: 'SimulatorUnsupported',
        message: expect.stringContaining('TargetModel'),
      });
    }),
  );
});

group('an action that is not simulated', () => {
  test(
    'is SimulatorUnsupported in the form of its service',
    inAws(async (aws) => {
      const model = new CreateModelCommand({ ModelName: 'm' });
      expect(await refusalOf(control(aws).send(model))).toMatchObject({
        code: 'SimulatorUnsupported',
        httpStatus: 501,
        message: expect.stringMatching(/^The action CreateModel of sagemaker is not simulated/),
      });
      const command = new InvokeEndpointAsyncCommand({
        EndpointName: 'churn',
        InputLocation: 's3://bucket/key',
      });
      const runtime = new SageMakerRuntimeClient(configuration(aws, anybody));
      expect(await refusalOf(runtime.send(command))).toMatchObject({
        code: 'SimulatorUnsupported',
        message: expect.stringMatching(/^The action InvokeEndpointAsync of sagemaker-runtime /),
      });
    }),
  );

  test(
    'is an unknown operation where SageMaker has none of that name or path',
    inAws(async (aws) => {
      const target = await send(aws, { 'x-amz-target': 'SageMaker.ListToys' });
      expect(target).toMatchObject({ status: 400 });
      expect(JSON.parse(target.body)).toMatchObject({ __type: 'UnknownOperationException' });
      const path = await send(aws, {}, '/toys');
      expect(path).toMatchObject({ status: 404, type: 'UnknownOperationException' });
    }),
  );
});

group('credentials', () => {
  test(
    'are checked as those of the other services, in words of JSON services',
    inAws(async (aws) => {
      const issued = await issue(aws);
      await list(aws, {}, issued);
      const wrong = { ...issued, secretAccessKey: 'another' };
      const codes = [
        await refusalOf(list(aws, {}, wrong)),
        await refusalOf(invoke(aws, {}, wrong)),
        await refusalOf(list(aws, {}, { ...issued, sessionToken: 'another' })),
        await refusalOf(invoke(aws, {}, { ...issued, sessionToken: 'another' })),
      ];
      aws.clock.advance(3_600_000);
      codes.push(await refusalOf(list(aws, {}, issued)), await refusalOf(invoke(aws, {}, issued)));
      expect(codes.map(({ code, httpStatus }) => [code, httpStatus])).toEqual([
        ['InvalidSignatureException', 400],
        ['InvalidSignatureException', 403],
        ['UnrecognizedClientException', 400],
        ['UnrecognizedClientException', 403],
        ['ExpiredTokenException', 400],
        ['ExpiredTokenException', 403],
      ]);
    }),
  );

  test(
    'are asked for where a request has none',
    inAws(async (aws) => {
      const target = { 'x-amz-target': 'SageMaker.ListNotebookInstances', authorization: '' };
      const { status, body } = await send(aws, target);
      expect([status, JSON.parse(body)]).toEqual([
        400,
        expect.objectContaining({ __type: 'MissingAuthenticationTokenException' }),
      ]);
      const invoked = await send(aws, { authorization: '' }, '/endpoints/churn/invocations');
      expect(invoked).toMatchObject({ status: 403, type: 'MissingAuthenticationTokenException' });
    }),
  );

  test(
    'without the permission get the denial of the service',
    inAws(async (aws) => {
      aws.simulator.faults.add({ service: 'sagemaker', action: '*', effect: { kind: 'deny' } });
      aws.simulator.faults.add({ action: 'InvokeEndpoint', effect: { kind: 'deny' } });
      const arn = 'arn:aws:sagemaker:us-east-1:111122223333';
      const denied = await refusalOf(list(aws));
      expect(denied).toMatchObject({ code: 'AccessDeniedException', httpStatus: 400 });
      expect(denied.message).toContain(
        `perform: sagemaker:ListNotebookInstances on resource: ${arn}:notebook-instance/* because`,
      );
      const invocation = await refusalOf(invoke(aws, {}));
      expect(invocation).toMatchObject({ code: 'AccessDeniedException', httpStatus: 403 });
      expect(invocation.message).toContain(
        `perform: sagemaker:InvokeEndpoint on resource: ${arn}:endpoint/churn because`,
      );
    }),
  );
});

test(
  'the call log has the calls, and the endpoint whose own name was dialled',
  inAws(async (aws) => {
    aws.simulator.world.sageMaker('us-east-1').addInferenceEndpoint({ name: 'churn' });
    const { VpcEndpointId: id, DnsEntries } = await createEndpoint(aws);
    aws.clock.advance(60_000);
    aws.simulator.resetCalls();
    await list(aws, { NameContains: 'a' });
    await invoke(aws, {});
    const listing = { 'x-amz-target': 'SageMaker.ListNotebookInstances' };
    for (const host of (DnsEntries ?? []).map(({ DnsName }) => DnsName ?? '')) {
      expect(await send(aws, { ...listing, host })).toMatchObject({ status: 200 });
    }
    const log = aws.simulator.calls().map(({ service, action, parameters, endpointId }) => ({
      service,
      action,
      parameters,
      endpointId,
    }));
    const privately = {
      service: 'sagemaker',
      action: 'ListNotebookInstances',
      parameters: {},
      endpointId: id,
    };
    expect(log).toEqual([
      { ...privately, parameters: { NameContains: 'a' }, endpointId: undefined },
      {
        service: 'sagemaker-runtime',
        action: 'InvokeEndpoint',
        parameters: { EndpointName: 'churn', ContentType: 'application/octet-stream' },
        endpointId: undefined,
      },
      // The regional name and one for each zone.
      privately,
      privately,
      privately,
      privately,
    ]);
  }),
);

group('nobody answers at the own name of an endpoint', () => {
  const listing = { 'x-amz-target': 'SageMaker.ListNotebookInstances' };

  test(
    'that is pending, or was never there',
    inAws(async (aws) => {
      const { DnsEntries } = await createEndpoint(aws);
      const host = DnsEntries?.[0]?.DnsName ?? '';
      await expect(send(aws, { ...listing, host })).rejects.toThrow('ECONNRESET');
      aws.clock.advance(60_000);
      expect(await send(aws, { ...listing, host })).toMatchObject({ status: 200 });
      const other = host.replace(/^vpce-0/, 'vpce-1');
      await expect(send(aws, { ...listing, host: other })).rejects.toThrow('ECONNRESET');
    }),
  );

  test(
    'where the endpoint is of another service of SageMaker, but for the words of that service',
    inAws(async (aws) => {
      const { DnsEntries } = await createEndpoint(aws);
      aws.clock.advance(60_000);
      const host = DnsEntries?.[0]?.DnsName ?? '';
      const invoked = await send(aws, { host }, '/endpoints/churn/invocations');
      expect(invoked).toMatchObject({ status: 404, type: 'UnknownOperationException' });
      const elsewhere = await send(aws, { ...listing, host: 'api.sagemaker.eu-west-1.api.aws' });
      expect(elsewhere.body).toContain('Credential should be scoped to a valid region.');
    }),
  );
});

/** A request with these headers and a signature of nothing. */
async function send(
  { simulator }: SimulatedAws,
  headers: Readonly<Record<string, string>>,
  path = '/',
): Promise<{ readonly status: number; readonly type: unknown; readonly body: string }> {
  const { hostname, port } = new URL(simulator.url);
  const { authorization = signedByAnybody, ...others } = headers;
  const request = httpRequest({
    hostname,
    port,
    path,
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-date': '20260101T000000Z',
      ...(authorization === '' ? {} : { authorization }),
      ...others,
    },
  });
  const answered = once(request, 'response') as Promise<[IncomingMessage]>;
  request.end('{}');
  const [response] = await answered;
  const body = await text(response);
  return { status: response.statusCode ?? 0, type: response.headers['x-amzn-errortype'], body };
}

const signedByAnybody =
  'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/us-east-1/sagemaker/aws4_request, SignedHeaders=host;x-amz-date, Signature=0';
