// Files that people bring and take away. Everything here is public: certificates, requests, lists, records.

/** Gives a file to the person, where the browser or the window puts what is saved. */
export function save(name: string, content: string, type = 'application/x-pem-file'): void {
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The save has read it by then; an address that stays would keep its bytes.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** PEM out of what a person chose: PEM as it is, DER of a certificate wrapped (RFC 7468, section 5). */
export function asPem(bytes: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(bytes);
  return text.includes('-----BEGIN ') ? `${text.trim()}\n` : pemOf('CERTIFICATE', base64(bytes));
}

/** Lines of 64 characters between their labels (RFC 7468, section 2). */
export const pemOf = (label: string, text: string): string =>
  `-----BEGIN ${label}-----\n${text.replace(/(.{64})(?=.)/g, '$1\n')}\n-----END ${label}-----\n`;

export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

/** Bytes that came as base64 text or as they are: base64 either way. */
export function asBase64(bytes: Uint8Array): string {
  const text = new TextDecoder('latin1').decode(bytes).replace(/\s+/g, '');
  return isBase64(text) ? text : base64(bytes);
}

export const isBase64 = (text: string): boolean => text.length % 4 === 0 && /^[A-Za-z0-9+/]{4,}={0,2}$/.test(text);

/** The SHA-256 of what base64 stands for, in hex. Throws where the page may not compute it: it has no secure origin. */
export async function sha256Of(text: string): Promise<string> {
  const bytes = Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A fingerprint as two people read it to each other: groups of four. */
export const grouped = (hex: string): string => hex.replace(/(.{4})(?=.)/g, '$1 ');
