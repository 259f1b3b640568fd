import { type Asn1, generalizedTime, utcTime } from './build.ts';
import { contentOf, type Der, type Fields, invalid, tags } from './der.ts';

// Times of certificates and CRLs (RFC 5280 section 4.1.2.5): UTCTime through 2049, GeneralizedTime from 2050, whole
// seconds, Z. Here they are Unix milliseconds.

const firstUtc = Date.UTC(1950, 0);
const firstGeneralized = Date.UTC(2050, 0);
const end = Date.UTC(10_000, 0);

/** A time in Unix milliseconds. Throws `input.invalid` for a broken second or a year outside 1950 to 9999. */
export function time(ms: number): Asn1 {
  if (!Number.isInteger(ms / 1000) || ms < firstUtc || ms >= end) {
    throw invalid('time', 'a whole second from 1950 to 9999', `${ms} ms`);
  }
  const digits = `${new Date(ms).toISOString().replace(/[-:T]|\.000Z/g, '')}Z`;
  return ms < firstGeneralized ? utcTime(digits.slice(2)) : generalizedTime(digits);
}

/** The next field as a time, in Unix milliseconds. Throws `input.invalid`. */
export function nextTime(fields: Fields, what: string): number {
  return readTime(fields.any(what), what);
}

/** A time in Unix milliseconds. Throws `input.invalid` for any form but RFC 5280's two, and for days that never were. */
export function readTime(value: Der, what: string): number {
  const text = contentOf(value).toString('latin1');
  const digits = value.tag === tags.utcTime ? `${text < '5' ? '20' : '19'}${text}` : text;
  const known = value.tag === tags.utcTime || value.tag === tags.generalizedTime;
  const ms = known && /^\d{14}Z$/.test(digits) ? instant(digits) : undefined;
  if (ms === undefined) throw invalid(value.place, `${what} as YYMMDDHHMMSSZ or YYYYMMDDHHMMSSZ`, 'another form');
  if (ms < firstGeneralized && value.tag !== tags.utcTime) {
    throw invalid(value.place, `${what} as UTCTime until 2049 (RFC 5280 4.1.2.5)`, 'a GeneralizedTime');
  }
  return ms;
}

/** The instant of YYYYMMDDHHMMSSZ; none when the calendar or the clock has no such number. */
function instant(digits: string): number | undefined {
  const two = (at: number): number => Number(digits.slice(at, at + 2));
  const [month, day, hour, minute, second] = [two(4), two(6), two(8), two(10), two(12)];
  const ms = Date.UTC(Number(digits.slice(0, 4)), month - 1, day, hour, minute, second);
  const date = new Date(ms);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return real ? ms : undefined;
}
