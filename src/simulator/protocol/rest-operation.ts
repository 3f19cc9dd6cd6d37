import type { StructureModel } from './service-model.ts';

/** An action whose requests name it by method and path (generated from botocore). */
export interface RestOperation {
  /** botocore's name of the service: `sagemaker-runtime`. */
  readonly service: string;
  readonly action: string;
  readonly method: string;
  /** With names of parameters in braces: `/endpoints/{EndpointName}/invocations`. */
  readonly path: string;
  /** The headers that carry parameters, and the names of these. */
  readonly headers: Readonly<Record<string, string>>;
  /** The model of the parameters in the path and the headers. */
  readonly parameters: StructureModel;
}

/** The operation of a request, and the parameters in its path and headers; undefined: none has it. */
export function matchOperation(
  operations: readonly RestOperation[],
  method: string,
  path: string,
  headers: Readonly<Record<string, unknown>>,
):
  | { readonly operation: RestOperation; readonly form: Readonly<Record<string, string>> }
  | undefined {
  for (const operation of operations) {
    const inPath = operation.method === method ? parametersInPath(operation.path, path) : undefined;
    if (inPath === undefined) continue;
    const inHeaders = Object.entries(operation.headers).flatMap(([header, name]) => {
      const value = headers[header.toLowerCase()];
      return typeof value === 'string' ? [[name, value]] : [];
    });
    return { operation, form: { ...inPath, ...Object.fromEntries(inHeaders) } };
  }
  return undefined;
}

/** A part in braces stands for one part of the path, and an empty one is none. */
function parametersInPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const form: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined && part !== value) return undefined;
    if (name !== undefined && value === '') return undefined;
    if (name !== undefined) form[name] = decoded(value);
  }
  return form;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
