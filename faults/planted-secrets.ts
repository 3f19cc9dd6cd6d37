/** Texts that must never appear in a log, an event or a status (O10). */
const marker = 'PLANTEDSECRET7f3a9c';

export const plantedSecrets = {
  accessKeyId: 'AKIAPLANTEDKEY7EXAMP',
  secretAccessKey: `${marker}Key`,
  sessionToken: `${marker}Token`,
  /** As an error of Node, of a proxy or of AWS may echo the request. */
  header: `X-Amz-Security-Token: ${marker}Token`,
  /** As the API server's errors may echo a request. */
  bearer: `Authorization: Bearer ${marker}Bearer`,
} as const;

/** The planted secrets that a text shows. */
export function secretsIn(text: string): readonly string[] {
  return [marker, plantedSecrets.accessKeyId].filter((secret) => text.includes(secret));
}
