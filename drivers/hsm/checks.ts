import { StationError } from '../../station-core/contract/errors.ts';

// What both implementations refuse before any key is touched, so that they refuse the same things with the same words.

/** F-21: a group key of DPS has 16 to 64 bytes. */
export function checkGroupKeyLength(length: number): void {
  if (length < 16 || length > 64) throw new StationError('hsm.key-length', { found: length });
}

/** CKA_LABEL is free text; ours is short and printable, and holds no zero byte, which separates label and salt in sealing. */
export function checkLabel(label: string): void {
  if (!/^[\x20-\x7e]{1,64}$/.test(label)) {
    throw invalid('HSM label', '1 to 64 printable ASCII characters', `${label.length} characters`);
  }
}

/**
 * The grammar of DPS identifiers. It holds no zero byte, so no device key can equal a check value or a sealing key,
 * whose messages all have one.
 */
export function checkRegistrationId(registrationId: string): void {
  if (/^[A-Za-z0-9._:-]{0,127}[A-Za-z0-9-]$/.test(registrationId)) return;
  throw new StationError('identity.invalid', {
    registrationId: registrationId.slice(0, 128),
    rule: '1 to 128 of A-Z a-z 0-9 . _ : -, ending with a letter, a digit or -',
  });
}

/** A digest is that of SHA-256, SHA-384 or SHA-512. */
export function checkDigest(digest: Buffer): void {
  if (![32, 48, 64].includes(digest.length)) {
    throw invalid('digest to sign', '32, 48 or 64 bytes', `${digest.length} bytes`);
  }
}

/** PKCS#11 takes no empty message in one part (C_Sign answers CKR_ARGUMENTS_BAD), and a token is no place for long ones. */
export function checkMessage(message: Buffer): void {
  if (message.length < 1 || message.length > 65_536) {
    throw invalid('message for the HSM', '1 to 65536 bytes', `${message.length} bytes`);
  }
}

/** One call gives 1 to 1024 random bytes. */
export function checkRandomLength(bytes: number): void {
  if (!Number.isInteger(bytes) || bytes < 1 || bytes > 1024) throw invalid('random', '1 to 1024 bytes', String(bytes));
}

/** Token objects are small and dear. */
export function checkAnchor(bytes: Buffer): void {
  if (bytes.length > 1024) throw invalid('anchor', 'at most 1024 bytes', `${bytes.length} bytes`);
}

/** CKA_ID in hex. */
export function checkKeyId(id: string): void {
  if (!/^([0-9a-f]{2}){1,64}$/.test(id))
    throw invalid('HSM key id', '1 to 64 bytes in lower-case hex', 'something else');
}

function invalid(place: string, expected: string, found: string): StationError {
  return new StationError('input.invalid', { place, expected, found });
}
