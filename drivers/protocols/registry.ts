import { atModem } from './at-modem.ts';
import { linuxConsole } from './linux-console.ts';
import type { UnitProtocol } from './protocol.ts';
import { uartV1 } from './uart-v1.ts';

/** Every protocol that a recipe may name. A new one is a file in this folder and a line here. */
export const protocols = {
  'uart-v1': uartV1,
  'linux-console': linuxConsole,
  'at-modem': atModem,
} as const satisfies Record<string, UnitProtocol>;
export type ProtocolName = keyof typeof protocols;
