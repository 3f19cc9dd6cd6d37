/** Values of `--cluster-id`: it says at AWS, as a tag, whose the resources are. */
import { InvalidArgumentError } from 'commander';

/** A tag's value that every service of AWS takes; cut to a length that is shown whole. */
export function clusterIdFlag(text: string): string {
  if (/^[\p{L}\p{N}_.:/=+@-]{1,128}$/u.test(text)) return text;
  throw new InvalidArgumentError('must be 1 to 128 letters, digits or _.:/=+-@');
}

/**
 * The same where resources may be there already: any value that a tag can have, so that nobody has to
 * change theirs. An empty one would be that of every cluster whose flag came to nothing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
export function givenClusterIdFlag(text: string): string {
  if (text.trim() !== '' && /^[\p{L}\p{N}\p{Zs}_.:/=+@-]{1,256}$/u.test(text)) return text;
  throw new InvalidArgumentError(
    "must be 1 to 256 letters, digits, spaces or _.:/=+-@, and this cluster's alone; leave the flag out for the UID of namespace kube-system",
  );
}
