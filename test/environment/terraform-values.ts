import { join } from 'node:path';
import { ensureGoProgram } from './go-program.ts';
import { runProgram } from './run-program.ts';

const sources = join(import.meta.dirname, '../../tools/terraform-values');

/** Attributes of each resource by its address; what only AWS knows is null. */
export type TerraformResources = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export interface TerraformQuestion {
  /** The folder of the module. */
  readonly module: string;
  readonly variables: Readonly<Record<string, unknown>>;
  /** Of the data sources, by type and name. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Evaluates a module with HashiCorp's own parser. Throws with its words for a fault in the module. */
export async function terraformResources(question: TerraformQuestion): Promise<TerraformResources> {
  const program = await ensureGoProgram(sources);
  const result = await runProgram(program, [], { input: JSON.stringify(question) });
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return JSON.parse(result.stdout) as TerraformResources;
}
