// The DER of DigestInfo up to its digest, for SHA-256, SHA-384 and SHA-512 (RFC 8017 section 9.2, note 1).
const prefixes: Readonly<Record<number, string>> = {
  32: '3031300d060960864801650304020105000420',
  48: '3041300d060960864801650304020205000430',
  64: '3051300d060960864801650304020305000440',
};

/** DigestInfo for a digest whose length was checked: what CKM_RSA_PKCS signs to make a PKCS#1 v1.5 signature. */
export function digestInfo(digest: Buffer): Buffer {
  return Buffer.concat([Buffer.from(prefixes[digest.length] ?? '', 'hex'), digest]);
}
