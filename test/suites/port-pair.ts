import type { Port } from '../../station-core/contract/rpc.ts';

/** Two ends of one way, in this process; messages are copied as JSON, as on every real way. */
export function portPair(): readonly [Port, Port] {
  const listeners: [((message: unknown) => void)[], ((message: unknown) => void)[]] = [[], []];
  const end = (mine: 0 | 1): Port => ({
    send: (message) => {
      const copy: unknown = JSON.parse(JSON.stringify(message));
      for (const listener of listeners[mine === 0 ? 1 : 0].slice()) queueMicrotask(() => listener(copy));
    },
    onMessage: (listener) => void listeners[mine].push(listener),
    onClose: () => undefined,
  });
  return [end(0), end(1)];
}
