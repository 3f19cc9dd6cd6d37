/** Answers differ from run to run in their dates alone; without them they are the same text. */

const isoDate = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;
const firstYear = 1901;

/** A text whose dates are replaced by the years of their order, and the dates in that order. */
export function withoutDates(text: string): { text: string; dates: readonly string[] } {
  const dates = [...new Set(text.match(isoDate))].sort();
  const years = new Map(dates.map((date, index) => [date, firstYear + index]));
  const standIn = (date: string): string => `${years.get(date)}-01-01T00:00:00Z`;
  return { text: text.replace(isoDate, standIn), dates };
}

/** A copy of what the SDK made of such a text, with the true dates. */
export function withDates(value: unknown, dates: readonly string[]): unknown {
  if (value instanceof Date) {
    const date = dates[value.getUTCFullYear() - firstYear];
    return new Date(date ?? value);
  }
  if (Array.isArray(value)) return value.map((one) => withDates(one, dates));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withDates(one, dates)]),
  );
}
