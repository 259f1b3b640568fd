import { Credentials, type Ended } from './credentials.ts';
import type { Act, ModemFaults } from './faults.ts';
import { AtHost } from './host.ts';

export type ModemFacts = { readonly imei: string; readonly uuid: string; readonly mode: number };

/** What befalls a command or its answer, once for each time that it stands in the plan. */
type OnTheWay = 'loses' | 'damages' | 'mishears';

const unasked = ['+CEREG: 2,"0901","02024720",7', '%XTIME: "80","62117220000080","01"', '+CSCON: 0'];
const activeModes: readonly number[] = [1, 2, 21];
const bootText = '\r\n*** Booting nRF Connect SDK ***\r\nReady\r\n';

/** A cellular module behind its AT host: bytes in, bytes out; what it keeps is in its memory's file. */
export class SimulatedModem {
  readonly #host = new AtHost();
  readonly #facts: ModemFacts;
  readonly #faults: ModemFaults;
  readonly #credentials: Credentials;
  readonly #left: Record<OnTheWay, string[]>;
  #mode: number;
  #echo = true;
  #numbers = false;
  #deaf: number;

  /** `acted` is told what was done to its memory, or is about to be, before it answers. */
  constructor(facts: ModemFacts, memory: string, faults: ModemFaults, acted: (act: Act) => void) {
    this.#facts = facts;
    this.#faults = faults;
    this.#credentials = new Credentials(memory, facts.uuid, faults, acted);
    this.#left = { loses: [...faults.loses], damages: [...faults.damages], mishears: [...faults.mishears] };
    this.#mode = facts.mode;
    this.#deaf = faults.deaf;
  }

  receive(bytes: Buffer): Buffer {
    return Buffer.from(
      this.#host
        .take(bytes)
        .map((command) => this.#said(command))
        .join(''),
      'latin1',
    );
  }

  #said(command: string): string {
    if (this.#deaf > 0) {
      this.#deaf -= 1;
      return this.#deaf === 0 ? bootText : '';
    }
    const echoed = this.#echo ? `${command}\r` : '';
    const name = nameOf(command);
    const heard = this.#once('mishears', name) ? command.replace(/=(.)/, '=') : command;
    const said = this.#framed(this.#ended(heard));
    if (this.#once('loses', name)) return echoed;
    return echoed + (this.#once('damages', name) ? said.replace(/[A-F0-9]/, '~') : said);
  }

  #once(what: OnTheWay, name: string): boolean {
    const at = this.#left[what].indexOf(name);
    if (at >= 0) this.#left[what].splice(at, 1);
    return at >= 0;
  }

  #framed(ended: Ended | 'unknown'): string {
    const last = this.#last(ended);
    const lines = typeof ended === 'object' && 'lines' in ended ? ended.lines : [];
    const all = this.#faults.unasked
      ? [...lines, last].flatMap((line, at) => [unasked[at % 3] ?? '', line])
      : [...lines, last];
    return all.map((line) => `\r\n${line}\r\n`).join('');
  }

  #last(ended: Ended | 'unknown'): string {
    if (ended === 'unknown') return 'ERROR';
    if ('lines' in ended) return 'OK';
    return this.#numbers ? `+CME ERROR: ${ended.error}` : 'ERROR';
  }

  #ended(command: string): Ended | 'unknown' {
    const [, name, rest = ''] = /^AT([+%]?[A-Z0-9]*)(.*)$/is.exec(command) ?? [];
    if (name === undefined) return 'unknown';
    const key = name.toUpperCase() + (rest.startsWith('=') ? '=' : rest);
    return Object.hasOwn(this.#commands, key) ? (this.#commands[key]?.(rest) ?? 'unknown') : 'unknown';
  }

  /** By name, with what makes it a question or an order; `rest` begins with that. */
  readonly #commands: Readonly<Record<string, (rest: string) => Ended>> = {
    '': () => said(),
    E0: () => this.#set(() => (this.#echo = false)),
    E1: () => this.#set(() => (this.#echo = true)),
    '+CMEE=': (rest) => this.#set(() => (this.#numbers = rest === '=1')),
    '+CFUN=': (rest) => this.#set(() => (this.#mode = Number(rest.slice(1)))),
    '+CFUN?': () => said(`+CFUN: ${this.#mode}`),
    '+CGMI': () => said('Birthmark simulated modem'),
    '+CGMM': () => said('nRF9151-LACA'),
    '+CGMR': () => said('mfw_nrf91x1_2.0.2'),
    '+CGSN=': () => said(`+CGSN: "${this.#facts.imei}"`),
    '%DEVICEUUID': () => said(`%DEVICEUUID: ${this.#facts.uuid}`),
    '%CMNG=': (rest) => this.#credentials.manage(parametersOf(rest), this.#active),
    '%KEYGEN=': (rest) => this.#credentials.generate(parametersOf(rest), this.#active),
  };

  get #active(): boolean {
    return activeModes.includes(this.#mode);
  }

  #set(change: () => void): Ended {
    change();
    return said();
  }
}

const said = (...lines: readonly string[]): Ended => ({ lines });

const nameOf = (command: string): string => /^AT([+%][A-Z]+)/i.exec(command)?.[1]?.toUpperCase() ?? '';

/** Parameters behind the equals sign, those in quotes without them. */
function parametersOf(rest: string): readonly string[] {
  return [...rest.slice(1).matchAll(/"([^"]*)"|([^,]+)|(?<=,)(?=,)/g)].map((match) => match[1] ?? match[2] ?? '');
}
