/** Most that one command may have, as Nordic's serial modem takes it. */
const longestCommand = 4_096;

/**
 * Bytes into commands as an AT host takes them (sdk-nrf, at_host): ended by CR or LF, but not inside of quotes. A command that is too long
 * is one that nobody knows.
 */
export class AtHost {
  #command = '';
  #quoted = false;

  /** The commands that these bytes end. */
  take(bytes: Buffer): readonly string[] {
    const ended: string[] = [];
    for (const character of bytes.toString('latin1')) {
      if ((character === '\r' || character === '\n') && !this.#quoted) {
        if (this.#command !== '') ended.push(this.#command.length > longestCommand ? '?' : this.#command);
        this.#command = '';
      } else {
        if (character === '"') this.#quoted = !this.#quoted;
        if (this.#command.length <= longestCommand) this.#command += character;
      }
    }
    return ended;
  }
}
