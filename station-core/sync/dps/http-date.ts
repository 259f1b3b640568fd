import type { IncomingHttpHeaders } from 'node:http';

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The three forms that a recipient must take (RFC 9110, 5.6.7): IMF-fixdate, RFC 850, asctime. All are in UTC. */
const forms = [
  /^[A-Z][a-z]{2}, (?<day>\d\d) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{5,8}, (?<day>\d\d)-(?<month>[A-Z][a-z]{2})-(?<year>\d\d) (?<time>\d\d:\d\d:\d\d) GMT$/,
  /^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) (?<time>\d\d:\d\d:\d\d) (?<year>\d{4})$/,
];

/** Unix milliseconds of an HTTP date, or undefined for what is none. `now` says which century two digits of a year mean. */
export function parseHttpDate(text: string, now: number): number | undefined {
  const groups = forms.map((form) => form.exec(text)?.groups).find((found) => found !== undefined);
  const month = months.indexOf(groups?.month ?? '');
  if (!groups || month < 0) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = (groups.time ?? '').split(':').map(Number);
  const day = Number(groups.day);
  if (day < 1 || day > 31 || hours > 23 || minutes > 59 || seconds > 60) return undefined;
  return Date.UTC(fullYear(groups.year ?? '', now), month, day, hours, minutes, seconds);
}

/** Two digits that seem more than 50 years ahead mean the past (RFC 9110, 5.6.7). */
function fullYear(digits: string, now: number): number {
  if (digits.length === 4) return Number(digits);
  const current = new Date(now).getUTCFullYear();
  const year = current - (current % 100) + Number(digits);
  return year > current + 50 ? year - 100 : year;
}

/** Nobody means a longer pause than this; a header that asks for one is damaged. */
const longestSeconds = 24 * 60 * 60;

/**
 * The seconds that Retry-After asks for (RFC 9110, 10.2.3), at most a day; 0 without one, or with one that is none. A time is
 * taken against the answer's own Date, so that a wrong clock of the station counts for nothing.
 */
export function retryAfterSeconds(headers: IncomingHttpHeaders, now: number): number {
  const asked = headers['retry-after'] ?? '';
  if (/^\d{1,9}$/.test(asked)) return Math.min(longestSeconds, Number(asked));
  const until = parseHttpDate(asked, now);
  if (until === undefined) return 0;
  const served = parseHttpDate(headers.date ?? '', now) ?? now;
  return Math.min(longestSeconds, Math.max(0, Math.ceil((until - served) / 1_000)));
}
