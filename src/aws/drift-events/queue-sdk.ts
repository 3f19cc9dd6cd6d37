/** SQS in AWS's SDK: a module of its own, because only those who read a queue need it loaded. */
import {
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
  type SQSClientConfig,
} from '@aws-sdk/client-sqs';

/** The operations in use. */
export const queueCommands = {
  'sqs:ReceiveMessage': ReceiveMessageCommand,
  'sqs:DeleteMessageBatch': DeleteMessageBatchCommand,
};

/** A client that goes where the SDK's own settings say, as those of all other services do. */
export class QueueClient extends SQSClient {
  constructor(config: SQSClientConfig) {
    // By default the host in a queue's URL is where requests go, whatever AWS_ENDPOINT_URL_SQS says.
    // The checksum is MD5, which a machine in FIPS mode does not have; TLS protects the messages.
    super({ ...config, useQueueUrlAsEndpoint: false, md5: false });
  }
}
