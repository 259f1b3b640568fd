import { createUartV1, type UartV1 } from '../../drivers/protocols/uart-v1.ts';
import { ordinaryPatience } from '../../drivers/protocols/uart-v1-asking.ts';
import { type MessageName, messages } from '../../drivers/protocols/uart-v1-messages.ts';

/** The ordinary driver with waits that much shorter, for units that answer at once; it sends as often as ever. */
export function hurried(ms: (ordinary: number) => number): UartV1 {
  const names = Object.keys(messages) as MessageName[];
  const patience = names.map((name) => [name, { ...ordinaryPatience[name], ms: ms(ordinaryPatience[name].ms) }]);
  return createUartV1(Object.fromEntries(patience) as typeof ordinaryPatience);
}
