import type { Tags } from '../facts.ts';

/** Tags for a message: `Name=ml, env=prod`. */
export function tagWords(tags: Tags): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
