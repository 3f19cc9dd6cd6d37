import type { AwsError } from './error.ts';

/** The answer of an action: element names to content. Undefined elements are left out. */
export interface XmlElement {
  readonly [name: string]: XmlContent;
}

export type XmlContent =
  | string
  | number
  | boolean
  | undefined
  | XmlElement
  | RenderedXml
  | readonly XmlContent[];

/** The content of an element that is XML text already. */
export class RenderedXml {
  readonly text: string;

  constructor(content: XmlElement) {
    // V8 keeps a sum of texts as a tree. This one is kept for long, and copied into many answers.
    this.text = Buffer.from(childrenOf(content)).toString();
  }
}

export type ProtocolName = 'ec2' | 'iam' | 'sts';

/** API versions and XML namespaces, from the services' own models. */
const namespaces: Record<ProtocolName, string> = {
  ec2: 'http://ec2.amazonaws.com/doc/2016-11-15/',
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** Actions of IAM whose result has no members and is there all the same. */
const emptyResults = ['UpdateRole'];

/** The body of a successful answer. */
export function renderAnswer(
  protocol: ProtocolName,
  action: string,
  answer: XmlElement,
  requestId: string,
): string {
  if (protocol === 'ec2') {
    const response = { '@xmlns': namespaces.ec2, requestId, ...answer };
    return document({ [`${action}Response`]: response });
  }
  const isBare = Object.keys(answer).length === 0 && !emptyResults.includes(action);
  const result = isBare ? {} : { [`${action}Result`]: answer };
  return document({
    [`${action}Response`]: {
      '@xmlns': namespaces[protocol],
      ...result,
      ResponseMetadata: { RequestId: requestId },
    },
  });
}

/** The body of an error answer. */
export function renderError(protocol: ProtocolName, error: AwsError, requestId: string): string {
  const { code, message, httpStatus } = error;
  if (protocol === 'ec2') {
    const errors = { Error: { Code: code, Message: message } };
    return document({ Response: { Errors: errors, RequestID: requestId } });
  }
  const Type = httpStatus < 500 ? 'Sender' : 'Receiver';
  return document({
    ErrorResponse: {
      '@xmlns': namespaces[protocol],
      Error: { Type, Code: code, Message: message },
      RequestId: requestId,
    },
  });
}

/** An error as the services send it that write plain XML, such as S3. */
export function renderPlainError({ code, message }: AwsError, requestId: string): string {
  return document({ Error: { Code: code, Message: message, RequestId: requestId } });
}

/** A list as EC2 sends it: `<xSet><item/></xSet>`. */
export function itemsOf(items: readonly XmlContent[]): XmlElement {
  return { item: items };
}

/** A list as IAM sends it: `<X><member/></X>`. */
export function membersOf(members: readonly XmlContent[]): XmlElement {
  return { member: members };
}

/** A time as AWS sends it. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Dates of IAM and STS have whole seconds. */
export function wholeSecondsOf(ms: number): string {
  return timeOf(ms).replace(/\.\d+Z$/, 'Z');
}

function document(content: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${childrenOf(content)}`;
}

/**
 * Written here, since answers have up to a thousand resources and are the most of the simulator's time:
 * a builder for any XML takes ten times as long.
 */
function childrenOf(element: XmlElement): string {
  let text = '';
  for (const name of Object.keys(element)) {
    const content = element[name];
    if (content === undefined || name.startsWith(attributePrefix)) continue;
    if (!Array.isArray(content)) text += elementText(name, content);
    else for (const one of content) if (one !== undefined) text += elementText(name, one);
  }
  return text;
}

function elementText(name: string, content: XmlContent): string {
  if (typeof content !== 'object') return `<${name}>${escaped(String(content))}</${name}>`;
  if (Array.isArray(content)) throw new TypeError(`a list in the list ${name}`);
  if (content instanceof RenderedXml) return `<${name}>${content.text}</${name}>`;
  const element = content as XmlElement;
  return `<${name}${attributesOf(element)}>${childrenOf(element)}</${name}>`;
}

const attributePrefix = '@';

function attributesOf(element: XmlElement): string {
  let text = '';
  for (const [name, content] of Object.entries(element)) {
    const isAttribute = name.startsWith(attributePrefix) && typeof content === 'string';
    if (isAttribute) text += ` ${name.slice(1)}="${escaped(content)}"`;
  }
  return text;
}

const special = /[&<>'\r]/;

/**
 * A parser of XML makes a line feed of a carriage return that is not escaped. Quotation marks of policy
 * documents come as they are in AWS's examples of `DescribeVpcEndpoints`.
 */
function escaped(text: string): string {
  if (!special.test(text)) return text;
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('>', '&gt;')
    .replaceAll('<', '&lt;')
    .replaceAll("'", '&apos;')
    .replaceAll('\r', '&#13;');
}
