/** Events as EventBridge writes them, from the forms that CloudTrail has been seen to use. */
export interface EventParts {
  readonly source?: string;
  readonly call?: string;
  readonly parameters?: unknown;
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly event?: Readonly<Record<string, unknown>>;
}

export const anEndpoint = 'vpce-0a1b2c3d4e5f67890';

/** An event; each part has a default that makes it the deletion of an endpoint. */
export function driftEvent({
  source = 'ec2.amazonaws.com',
  call = 'DeleteVpcEndpoints',
  parameters = { DeleteVpcEndpointsRequest: { VpcEndpointId: { tag: 1, content: anEndpoint } } },
  detail = {},
  event = {},
}: EventParts = {}): Record<string, unknown> {
  return {
    version: '0',
    id: '0cdc5423-ed4e-71d8-c4f7-9c4ab361748c',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.ec2',
    account: '111122223333',
    time: '2026-11-29T10:00:00Z',
    region: 'eu-west-1',
    resources: [],
    detail: {
      eventVersion: '1.09',
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::111122223333:assumed-role/Admin/ann',
      },
      eventTime: '2026-11-29T10:00:00Z',
      eventSource: source,
      eventName: call,
      awsRegion: 'eu-west-1',
      sourceIPAddress: '198.51.100.23',
      requestParameters: parameters,
      responseElements: { _return: true },
      requestID: '5e6f7a8b-9c0d-4e1f-a2b3-c4d5e6f7a8b9',
      eventID: 'd0e1f2a3-b4c5-4d6e-8f90-1a2b3c4d5e6f',
      readOnly: false,
      eventType: 'AwsApiCall',
      recipientAccountId: '111122223333',
      ...detail,
    },
    ...event,
  };
}
