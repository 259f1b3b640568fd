import { StationError } from '../../contract/errors.ts';

// F-65: only public parts are uploaded, never a private key, in whatever coat. The enrollments that the station makes hold
// none by construction; this is the last look at the bytes before they leave.

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
const der = /"M(II[A-Za-z0-9+/]{2}[AQgw]IBA[CDw-z0-9+/]|IG[A-Za-z0-9+/]AgE[AB]|HcCAQEE)/;

/** Throws `cloud.private-key` for a request body that holds a private key or a PKCS#12 file. */
export function refusePrivate(body: Buffer): void {
  const found = [...words, ...coded].some((mark) => body.includes(mark)) || der.test(body.toString('latin1'));
  if (found) throw new StationError('cloud.private-key');
}
