/**
 * An instant as records carry it: UTC, milliseconds, always 24 characters (`2023-08-22T00:00:00.000Z`), so
 * that instants compare as strings.
 */
export type Instant = string;

const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})\.\d{3}Z$/;
const EXPIRES = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/**
 * Milliseconds since 1970 as an {@link Instant}.
 * @throws RangeError outside the years 0 to 9999
 */
export function toInstant(milliseconds: number): Instant {
  const text = new Date(milliseconds).toISOString();
  if (text.length !== 24) throw new RangeError("an instant lies in the years 0 to 9999");
  return text;
}

/** True for text that {@link toInstant} could have made. */
export function isInstant(text: string): boolean {
  return INSTANT.test(text) && isReal(text);
}

/** True for an `expires` of TUF: `YYYY-MM-DDTHH:MM:SSZ` and a date that exists (TUF 4.2.3). */
export function isExpires(text: string): boolean {
  return EXPIRES.test(text) && isReal(text.replace("Z", ".000Z"));
}

/** Expired means: `expires` is not later than `now` (TUF 5.3.10). */
export function isExpired(expires: string, now: Instant): boolean {
  return expires.replace("Z", ".000Z") <= now;
}

function isReal(instant: string): boolean {
  const date = new Date(instant);
  return !Number.isNaN(date.getTime()) && date.toISOString() === instant;
}
