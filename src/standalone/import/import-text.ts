/** The output of `import`: YAML with comments that say how to go on. Pure. */
import { printable } from '../../api/printable.ts';
import { writeYaml } from '../../api/validation/write-yaml.ts';
import type { ImportedLinks } from './imported-links.ts';
import type { StateAddress } from './terraform-state.ts';

/** One YAML document for each link, after comments. */
export function importText(
  { links, leftOut }: ImportedLinks,
  terraform: readonly StateAddress[],
): string {
  const comments = [
    ...leftOut.map(({ id, serviceName, reason }) => `Left out: ${id} (${serviceName}): ${reason}.`),
    ...(terraform.length === 0 ? [] : terraformComments(terraform)),
    ...(links.length === 0 ? [nothing(leftOut.length)] : steps),
  ];
  const documents = links.map(({ manifest, endpointIds }) =>
    [`# Takes over ${endpointIds.join(', ')}.`, writeYaml(manifest)].join('\n'),
  );
  const head = comments.map((line) => `# ${printable(line)}`.trimEnd()).join('\n');
  return [`${head}\n`, ...documents].join('---\n');
}

function nothing(leftOut: number): string {
  return leftOut > 0
    ? 'Nothing is left to import.'
    : 'The VPC has no endpoint that a link can have: none is an interface endpoint for a service of SageMaker.';
}

const steps = [
  'The operator needs deploy/iam/operator-adoption-policy.json to take resources over. Then:',
  '1. sagemaker-privatelink plan -f FILE --context CONTEXT must show changes of tags alone.',
  '2. kubectl apply -f FILE, and wait until the link is Ready.',
  '3. Set adoption: Never, and deletionPolicy: Delete if the link is to take its endpoints with it.',
];

function terraformComments(terraform: readonly StateAddress[]): readonly string[] {
  return [
    'Before 2., and with no terraform apply in between: take the resources out of the configuration, and',
    ...terraform.map(({ address }) => `   terraform state rm ${shellWord(address)}`),
  ];
}

function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
