/** Stand-ins in the commands of an advice, for what AWS's own text tells. */
const vpcId = /\bvpc-[0-9a-z]+\b/;
/** SageMaker's private names have their region as a label: `api.sagemaker.eu-west-1.amazonaws.com`. */
const regionLabel = /(?<=\.)[a-z]{2,4}(?:-[a-z]+)+-\d+(?=\.)/;

/**
 * Fills in the commands of an advice, so that a reader can paste them. A stand-in stays where AWS's
 * text has no value for it.
 */
export function filledAdvice(advice: string, text: string): string {
  return advice
    .replaceAll('VPC_ID', vpcId.exec(text)?.[0] ?? 'VPC_ID')
    .replaceAll('VPC_REGION', regionLabel.exec(text)?.[0] ?? 'VPC_REGION');
}
