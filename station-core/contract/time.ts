import * as z from 'zod/mini';

/** Whether there is such a time: a form alone also has a 99th hour, and what is computed with that is no number. */
export const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));

/** ISO 8601 in UTC, to the millisecond, that somebody asks for. */
export const askedTime = z
  .string()
  .check(
    z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'a time like 2026-11-20T21:59:00.000Z'),
    z.refine(isTime, 'a time that there is'),
  );
