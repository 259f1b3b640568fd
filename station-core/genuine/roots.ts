import { type Certificate, readCertificate } from '../../drivers/asn1/certificate.ts';
import { extensionOf, readBasicConstraints } from '../../drivers/asn1/extensions.ts';
import { readPems } from '../../drivers/asn1/pem.ts';
import { StationError } from '../contract/errors.ts';

export type RootFile = { readonly name: string; readonly bytes: Buffer };

/**
 * The certificates of TPM makers in a folder's files, PEM or DER: roots, and what stands between them and endorsement keys. Which
 * roots are trusted the recipe says. One that is there twice counts once. Throws `input.invalid`, which names the file.
 */
export function readVendorRoots(files: readonly RootFile[]): readonly Certificate[] {
  const found = new Map<string, Certificate>();
  for (const { name, bytes } of files) {
    for (const certificate of certificatesOf(name, bytes)) {
      const key = certificate.certificate.toString('latin1');
      if (!found.has(key)) found.set(key, certificate);
    }
  }
  return [...found.values()];
}

function certificatesOf(name: string, bytes: Buffer): readonly Certificate[] {
  if (bytes[0] === 0x30 && !bytes.includes('-----BEGIN ')) return [readCa(bytes, name)];
  return readPems(bytes, name).map(({ label, der }, index) => {
    const place = `${name}, block ${index + 1}`;
    if (label === 'CERTIFICATE') return readCa(der, place);
    throw new StationError('input.invalid', { place, expected: 'CERTIFICATE', found: label });
  });
}

/** A certificate that can issue nothing is in the wrong folder, and would never be asked for. */
function readCa(bytes: Buffer, place: string): Certificate {
  const certificate = readCertificate(bytes, place, { paddedSerial: true });
  if (isCa(certificate)) return certificate;
  throw new StationError('input.invalid', { place, expected: 'the certificate of a CA', found: 'another' });
}

function isCa(certificate: Certificate): boolean {
  const constraints = extensionOf(certificate, 'basicConstraints');
  try {
    return constraints !== undefined && readBasicConstraints(constraints).ca;
  } catch (thrown) {
    // Its message names the extension; that of the caller names the file.
    if (thrown instanceof StationError && thrown.code === 'input.invalid') return false;
    throw thrown;
  }
}
