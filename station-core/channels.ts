import { type FromStation, toStationSchema } from './contract/desktop.ts';
import { parse } from './contract/parse.ts';
import type { Port } from './contract/rpc.ts';

type Open = { readonly listeners: ((message: unknown) => void)[]; readonly closers: (() => void)[] };

/** One pipe to the desktop program cut into ports: one for each channel, opened by its first message. */
export class Channels {
  readonly #open = new Map<number, Open>();
  readonly #send: (message: FromStation) => void;
  readonly #opened: (port: Port) => void;

  constructor(send: (message: FromStation) => void, opened: (port: Port) => void) {
    this.#send = send;
    this.#opened = opened;
  }

  /** Takes what came down the pipe. Throws `input.invalid` for what is no envelope; its message is the port's to judge. */
  take(envelope: unknown): void {
    const said = parse(toStationSchema, envelope, 'channel');
    if ('closed' in said) {
      this.#close(said.channel);
      return;
    }
    const { listeners } = this.#open.get(said.channel) ?? this.#start(said.channel);
    for (const listener of listeners) listener(said.message);
  }

  /** Closes every port: whoever sent for them is gone. */
  closeAll(): void {
    for (const channel of [...this.#open.keys()]) this.#close(channel);
  }

  #start(channel: number): Open {
    const open: Open = { listeners: [], closers: [] };
    this.#open.set(channel, open);
    this.#opened({
      send: (message) => {
        if (this.#open.get(channel) === open) this.#send({ channel, message });
      },
      onMessage: (listener) => open.listeners.push(listener),
      onClose: (listener) => open.closers.push(listener),
    });
    return open;
  }

  #close(channel: number): void {
    const open = this.#open.get(channel);
    this.#open.delete(channel);
    for (const closer of open?.closers ?? []) closer();
  }
}
