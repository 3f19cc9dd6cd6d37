/** A policy as text in which one value and a list of it look the same, and order does not count. */
export function flat(value: unknown): string {
  if (Array.isArray(value)) return value.map(flat).sort().join();
  if (typeof value !== 'object' || value === null) return String(value);
  const entries = Object.entries(value).filter(([key]) => key !== 'Version');
  return `{${entries
    .map(([key, one]) => `${key}:${flat(one)}`)
    .sort()
    .join(';')}}`;
}
