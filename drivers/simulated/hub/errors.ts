import { randomUUID } from 'node:crypto';

/**
 * What a hub refuses, by its own names: HTTP status, number and sentence (ErrorCode of the service SDKs; the numbers of the C# SDK). The
 * numbers are the HTTP status times 1000 plus a sub-code.
 */
const refusals = {
  ArgumentInvalid: { status: 400, code: 400004, says: 'Invalid argument' },
  IotHubFormatError: { status: 400, code: 400006, says: 'The ID has a form that is not allowed' },
  DeviceDefinedMultipleTimes: { status: 400, code: 400011, says: 'A device is defined more than once' },
  DeserializationError: { status: 400, code: 400012, says: 'The body is not valid JSON' },
  IotHubUnauthorizedAccess: { status: 401, code: 401002, says: 'Unauthorized' },
  DeviceNotFound: { status: 404, code: 404001, says: 'Device not found' },
  ModuleNotFound: { status: 404, code: 404010, says: 'Module not found' },
  GenericNotFound: { status: 404, code: 404000, says: 'Resource not found' },
  GenericMethodNotAllowed: { status: 405, code: 405000, says: 'Method not allowed' },
  DeviceAlreadyExists: { status: 409, code: 409001, says: 'Device already exists' },
  ModuleAlreadyExistsOnDevice: { status: 409, code: 409301, says: 'Module already exists' },
  PreconditionFailed: { status: 412, code: 412001, says: 'Precondition failed' },
  MessageTooLarge: { status: 413, code: 413001, says: 'The message is larger than 256 KB' },
  TooManyDevices: { status: 413, code: 413002, says: 'More than 100 devices in one call' },
  TooManyModulesOnDevice: { status: 413, code: 413003, says: 'More than 50 modules on one device' },
  GenericUnsupportedMediaType: { status: 415, code: 415000, says: 'Unsupported media type' },
  ThrottlingException: { status: 429, code: 429001, says: 'Too many requests' },
  ServerError: { status: 500, code: 500001, says: 'Internal server error' },
} as const;

export type Refusal = keyof typeof refusals;

/** A refusal on its way to the caller. Its message never carries a value of the request, since that may be a key. */
export class HubError extends Error {
  readonly refusal: Refusal;
  readonly status: number;
  readonly code: number;
  readonly headers: Record<string, string>;

  constructor(refusal: Refusal, says?: string, headers: Record<string, string> = {}, cause?: unknown) {
    super(says ?? refusals[refusal].says, { cause });
    this.name = 'HubError';
    this.refusal = refusal;
    this.status = refusals[refusal].status;
    this.code = refusals[refusal].code;
    this.headers = headers;
  }
}

/** The body of a refused call, as hubs write it. */
export function errorBody(name: string, message: string, now: number): { Message: string; ExceptionMessage: string } {
  return {
    Message: `ErrorCode:${name};${message}`,
    ExceptionMessage: `Tracking ID:${randomUUID().replaceAll('-', '')}-TimeStamp:${new Date(now).toISOString()}`,
  };
}
