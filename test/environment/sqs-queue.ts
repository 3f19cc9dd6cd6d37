/** A queue at moto's SQS, as others see it: by the AWS SDK, never by our own code. */
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const region = 'us-east-1';

export class SqsQueue {
  readonly name: string;
  /** As AWS writes it: the operator is led to moto by AWS_ENDPOINT_URL_SQS. */
  readonly url: string;
  private readonly client: SQSClient;
  private readonly urlAtMoto: string;

  private constructor(client: SQSClient, endpoint: string, name: string) {
    this.client = client;
    this.name = name;
    this.url = `https://sqs.${region}.amazonaws.com/123456789012/${name}`;
    this.urlAtMoto = `${endpoint}/123456789012/${name}`;
  }

  /** Makes a queue whose messages come again after two seconds. */
  static async create(endpoint: string, name: string): Promise<SqsQueue> {
    const credentials = { accessKeyId: 'AKIAOTHER00000000000', secretAccessKey: 'not-a-secret' };
    const client = new SQSClient({ region, endpoint, credentials });
    const queue = new SqsQueue(client, endpoint, name);
    await queue.make();
    return queue;
  }

  /** Makes the queue at moto, should it not be there. */
  async make(): Promise<void> {
    const Attributes = { VisibilityTimeout: '2' };
    await this.client.send(new CreateQueueCommand({ QueueName: this.name, Attributes }));
  }

  async send(body: string): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl: this.urlAtMoto, MessageBody: body });
    await this.client.send(command);
  }

  /** Messages in the queue, those that somebody has been handed out included. */
  async size(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const command = new GetQueueAttributesCommand({
      QueueUrl: this.urlAtMoto,
      AttributeNames: [...names],
    });
    const { Attributes = {} } = await this.client.send(command);
    return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
  }

  close(): void {
    this.client.destroy();
  }
}
