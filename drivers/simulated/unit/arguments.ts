/** A MAC in hex, with or without colons, as its six bytes. Throws TypeError for anything else. */
export function macBytes(mac: string): Buffer {
  const bytes = Buffer.from(mac.replaceAll(':', ''), 'hex');
  if (bytes.length !== 6 || !/^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){5}$/.test(mac)) {
    throw new TypeError(`a MAC has six bytes in hex: ${mac}`);
  }
  return bytes;
}

/** A serial that can name a file. Throws TypeError for anything else. */
export function serialForFile(serial: string): string {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(serial)) {
    throw new TypeError(`a simulated unit's serial has 1 to 64 letters, digits, dots, hyphens: ${serial}`);
  }
  return serial;
}

/** A TCP port. Throws TypeError for anything else. */
export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new TypeError(`a port is a number, 1 to 65535: ${text}`);
  return port;
}

export const simulatedModel = { model: 'birthmark-practice-unit', firmware: '1.0.0' } as const;
