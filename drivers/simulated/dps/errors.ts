import { randomUUID } from 'node:crypto';

/**
 * What the service refuses, by name: HTTP status, error number and the sentence it says. The numbers are the HTTP status
 * times 1000 plus a sub-code; those seen on the wire are 400207, 401002, 404201, 404204, 409201 and 409202, the others
 * follow from the error enumeration that DPS shares with IoT Hub.
 */
const refusals = {
  argumentInvalid: { status: 400, code: 400004, says: 'Invalid argument' },
  notJson: { status: 400, code: 400012, says: 'The body is not valid JSON' },
  endorsementKey: { status: 400, code: 400201, says: 'Invalid endorsement key' },
  registrationId: { status: 400, code: 400202, says: 'Invalid registration ID' },
  storageRootKey: { status: 400, code: 400203, says: 'Invalid storage root key' },
  enrollmentGroupId: { status: 400, code: 400204, says: 'Invalid enrollment group ID' },
  tooManyEnrollments: { status: 400, code: 400205, says: 'Too many enrollments in one bulk operation' },
  definedTwice: { status: 400, code: 400206, says: 'An ID is defined more than once in one bulk operation' },
  unauthorized: { status: 401, code: 401002, says: 'Unauthorized' },
  quotaForbids: { status: 403, code: 403002, says: 'The quota of the instance is used up' },
  forbidden: { status: 403, code: 403002, says: 'The policy lacks the right' },
  noSuchResource: { status: 404, code: 404000, says: 'Resource not found' },
  noEnrollment: { status: 404, code: 404201, says: 'Enrollment not found.' },
  noRegistration: { status: 404, code: 404202, says: 'Registration not found.' },
  noOperation: { status: 404, code: 404203, says: 'Operation not found.' },
  noGroup: { status: 404, code: 404204, says: 'EnrollmentGroup not found.' },
  noCertificate: { status: 404, code: 404211, says: 'CA certificate not found.' },
  methodNotAllowed: { status: 405, code: 405000, says: 'Method not allowed' },
  enrollmentExists: { status: 409, code: 409201, says: 'Enrollment already exists.' },
  groupExists: { status: 409, code: 409202, says: 'EnrollmentGroup already exists.' },
  precondition: { status: 412, code: 412001, says: 'Precondition failed.' },
  tooLarge: { status: 413, code: 413001, says: 'The message is larger than 96 KB' },
  mediaType: { status: 415, code: 415000, says: 'Unsupported media type' },
  throttled: { status: 429, code: 429001, says: 'Too many requests' },
  internal: { status: 500, code: 500001, says: 'Internal server error' },
} as const;

export type Refusal = keyof typeof refusals;

/** A refusal on its way to the caller. Its message never carries a value of the request, since that may be a key. */
export class DpsError extends Error {
  readonly status: number;
  readonly code: number;
  readonly headers: Record<string, string>;

  constructor(refusal: Refusal, says?: string, headers: Record<string, string> = {}, cause?: unknown) {
    super(says ?? refusals[refusal].says, { cause });
    this.name = 'DpsError';
    this.status = refusals[refusal].status;
    this.code = refusals[refusal].code;
    this.headers = headers;
  }
}

export type ErrorBody = { errorCode: number; trackingId: string; message: string; timestampUtc: string };

/** The error body of the service API (DPS REST 2021-10-01, ProvisioningServiceErrorDetails). */
export function errorBody(code: number, message: string, timestampUtc: string): ErrorBody {
  return { errorCode: code, trackingId: randomUUID(), message, timestampUtc };
}

/** A fault of the emulator itself. Its text may name places in the code, never what a request carried. */
export function reportFault(error: unknown): void {
  process.stderr.write(`DPS emulator: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown fault'}\n`);
}
