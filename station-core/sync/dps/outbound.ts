import { StationError } from '../../contract/errors.ts';

// F-65: only public parts are uploaded, never a private key, in whatever coat; and F-46: a symmetric key leaves in an
// individual symmetric enrollment alone. The bodies that the station makes are so by construction; this is the last look at
// the bytes before they leave. It copies no key into a string, which could not be zeroed.

const words = ['PRIVATE KEY'];

/** Base64 of `PRIVATE KEY` at each of the three places that it may have in a group of three bytes, without the loose ends. */
const coded = [0, 1, 2].map((shift) => {
  const text = Buffer.from(`${' '.repeat(shift)}PRIVATE KEY`)
    .toString('base64')
    .replace(/=+$/, '');
  return text.slice(shift === 0 ? 0 : 4, -1);
});

/**
 * DER in base64: a sequence whose first member is a small number begins a PFX (3, RFC 7292), PKCS#8 and RSA keys (0) and an
 * EC key (1); certificates and requests begin with a sequence in a sequence.
 */
const der = /^"M(II[A-Za-z0-9+/]{2}[AQgw]IBA[CDw-z0-9+/]|IG[A-Za-z0-9+/]AgE[AB]|HcCAQEE)/;
/** As many bytes as that expression looks at. */
const derMark = 12;

/** Where a symmetric key stands in a body (DPS REST, SymmetricKeyAttestation), in lower case. */
const keyMarks = ['"primarykey":"', '"secondarykey":"'];

/** What connection strings and tokens say of themselves, in lower case: one in a twin would be readable by whoever reads the twin. */
const credentialWords = ['sharedaccesskey', 'sharedaccesssignature'];

/** Throws `cloud.private-key` for a request body that holds a private key or a PKCS#12 file. */
export function refusePrivate(body: Buffer): void {
  const found = [...words, ...coded].some((mark) => body.includes(mark)) || beginsKey(body);
  if (found) throw new StationError('cloud.private-key');
}

/**
 * Throws `cloud.key-in-body` for a request body that holds other than `pairs` pairs of symmetric keys, or a connection string
 * or token.
 */
export function refuseKeys(body: Buffer, pairs: number): void {
  const lower = Buffer.from(body);
  try {
    for (const [at, byte] of lower.entries()) if (byte >= 0x41 && byte <= 0x5a) lower[at] = byte + 0x20;
    const keys = keyMarks.every((mark) => count(lower, mark) === pairs);
    if (keys && !credentialWords.some((word) => lower.includes(word))) return;
  } finally {
    lower.fill(0);
  }
  throw new StationError('cloud.key-in-body');
}

function beginsKey(body: Buffer): boolean {
  for (let at = body.indexOf('"M'); at >= 0; at = body.indexOf('"M', at + 1)) {
    if (der.test(body.toString('latin1', at, at + derMark))) return true;
  }
  return false;
}

function count(body: Buffer, mark: string): number {
  let found = 0;
  for (let at = body.indexOf(mark); at >= 0; at = body.indexOf(mark, at + 1)) found++;
  return found;
}
