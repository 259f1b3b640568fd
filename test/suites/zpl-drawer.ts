import bwip from 'bwip-js/node';

// Draws ZPL: exactly the commands that labels are made of, and nothing else. Written from Zebra's ZPL II Programming Guide and not
// from what emits them, so that a command with another meaning draws another picture. What it does not know it refuses.

/** Black is 1. */
export type Picture = { readonly width: number; readonly height: number; readonly dots: Uint8Array };
export type DrawnText = { readonly x: number; readonly y: number; readonly height: number; readonly text: string };
export type Printed = Picture & { readonly texts: readonly DrawnText[] };

type Command = { readonly name: string; readonly rest: string };

/** The commands of a format; `^` and `~` begin one wherever they stand, as in a printer. */
function commandsOf(zpl: string): Command[] {
  return zpl.split(/(?=[\^~])/).map((one) => {
    if (!/^[\^~]/.test(one)) throw new Error(`text before a command: ${one}`);
    if (one.startsWith('~')) throw new Error(`a control command in a label: ${one}`);
    const name = one.startsWith('^A') ? '^A' : one.slice(0, 3);
    return { name, rest: one.slice(name.length).replace(/[\r\n]+$/, '') };
  });
}

type Code = 'code-128' | 'qr' | 'data-matrix' | 'text';
type Field = {
  kind?: Code;
  x: number;
  y: number;
  height: number;
  module: number;
  hex: boolean;
  data?: string;
  escape: string;
};

class Drawer {
  #width = 0;
  #height = 0;
  #dots = new Uint8Array();
  #utf8 = false;
  #bar = 2;
  #field: Field | undefined;
  readonly #texts: DrawnText[] = [];

  readonly commands: Readonly<Record<string, (rest: string) => void>> = {
    '^CI': (rest) => {
      if (rest !== '28') throw new Error(`^CI${rest}`);
      this.#utf8 = true;
    },
    '^PW': (rest) => {
      this.#width = whole(rest);
    },
    '^LL': (rest) => {
      this.#height = whole(rest);
      this.#dots = new Uint8Array(this.#width * this.#height);
    },
    '^LH': (rest) => {
      if (rest !== '0,0') throw new Error(`^LH${rest}`);
    },
    '^FO': (rest) => {
      if (this.#field) throw new Error('a field in a field');
      const [x, y] = numbers(rest, 2);
      this.#field = { x, y, height: 0, module: this.#bar, hex: false, escape: '' };
    },
    '^A': (rest) => {
      const [, height] = /^0N,(\d+)$/.exec(rest) ?? [];
      Object.assign(this.#open, { kind: 'text', height: whole(height ?? '') });
    },
    '^BY': (rest) => {
      this.#bar = whole(rest);
      this.#open.module = this.#bar;
    },
    '^BC': (rest) => {
      const [, height] = /^N,(\d+),N,N,N,N$/.exec(rest) ?? [];
      Object.assign(this.#open, { kind: 'code-128', height: whole(height ?? '') });
    },
    '^BQ': (rest) => {
      const [, module] = /^N,2,(10|[1-9])$/.exec(rest) ?? [];
      Object.assign(this.#open, { kind: 'qr', module: whole(module ?? '') });
    },
    '^BX': (rest) => {
      const [, module, begin] = /^N,(\d+),200,,,,([!-~])$/.exec(rest) ?? [];
      Object.assign(this.#open, { kind: 'data-matrix', module: whole(module ?? ''), escape: begin });
    },
    '^FH': (rest) => {
      if (rest !== '') throw new Error(`^FH${rest}`);
      this.#open.hex = true;
    },
    '^FD': (rest) => {
      this.#open.data = rest;
    },
    '^GB': (rest) => {
      const { x, y } = this.#open;
      const [width, height, line] = numbers(rest, 3);
      this.#box(x, y, width, height, line);
    },
    '^FS': () => {
      const field = this.#open;
      this.#field = undefined;
      if (field.kind) this.#draw(field);
    },
    '^PQ': (rest) => {
      if (rest !== '1') throw new Error(`^PQ${rest}`);
    },
  };

  get #open(): Field {
    if (!this.#field) throw new Error('a command of a field outside of one');
    return this.#field;
  }

  end(): Printed {
    if (this.#field) throw new Error('a field without an end');
    return { width: this.#width, height: this.#height, dots: this.#dots, texts: this.#texts };
  }

  #draw(field: Field): void {
    if (!this.#utf8) throw new Error('bytes without ^CI28');
    const text = dataOf(field);
    switch (field.kind) {
      case 'text':
        this.#texts.push({ x: field.x, y: field.y, height: field.height, text });
        break;
      case 'code-128':
        this.#bars(field, text);
        break;
      case 'qr': {
        const [, level, data] = /^([LMQH])A,(.*)$/s.exec(text) ?? [];
        this.#squares(field, raw('qrcode', data ?? '', `eclevel=${level}`));
        break;
      }
      case 'data-matrix':
        // Its escape would begin a control sequence, of which labels have none.
        if (text.includes(field.escape)) throw new Error(`the escape ${field.escape} in ${text}`);
        this.#squares(field, raw('datamatrix', text, ''));
        break;
      case undefined:
        throw new Error('data of nothing');
    }
  }

  #bars({ x, y, height, module }: Field, text: string): void {
    const [symbol] = bwip.raw('code128', codewords(text), 'raw');
    if (!symbol || !('sbs' in symbol)) throw new Error('no bars');
    let left = x;
    for (const [index, width] of symbol.sbs.entries()) {
      if (index % 2 === 0) this.#fill(left, y, width * module, height);
      left += width * module;
    }
  }

  #squares({ x, y, module }: Field, { pixs, pixx }: { pixs: readonly number[]; pixx: number }): void {
    for (const [index, on] of pixs.entries()) {
      if (on === 1) this.#fill(x + (index % pixx) * module, y + Math.floor(index / pixx) * module, module, module);
    }
  }

  #box(x: number, y: number, width: number, height: number, line: number): void {
    this.#fill(x, y, width, Math.min(line, height));
    this.#fill(x, y + Math.max(0, height - line), width, Math.min(line, height));
    this.#fill(x, y, Math.min(line, width), height);
    this.#fill(x + Math.max(0, width - line), y, Math.min(line, width), height);
  }

  #fill(x: number, y: number, width: number, height: number): void {
    if (x + width > this.#width || y + height > this.#height) throw new Error('beyond the edge of the label');
    for (let row = y; row < y + height; row++) this.#dots.fill(1, row * this.#width + x, row * this.#width + x + width);
  }
}

function raw(kind: 'qrcode' | 'datamatrix', text: string, options: string) {
  const [symbol] = bwip.raw(kind, text, options);
  if (!symbol || !('pixs' in symbol)) throw new Error(`no ${kind}`);
  return symbol;
}

/** `_` and two digits are a byte, where ^FH said so. */
function dataOf({ hex, data = '' }: Field): string {
  if (!hex) return data;
  const bytes = data
    .split(/(_[0-9A-F]{2})/)
    .map((part) => (/^_[0-9A-F]{2}$/.test(part) ? Buffer.from(part.slice(1), 'hex') : Buffer.from(part, 'ascii')));
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(bytes));
}

/** ISO/IEC 15417, annex: what code set a value stands in. */
const startB = 104;
const startC = 105;
const codeB = 100;

/** What ^BC makes of its data when it is told no mode: the values of Code 128, as bwip takes them. */
function codewords(text: string): string {
  const start = text.startsWith('>;') ? 'C' : 'B';
  let set = start;
  let rest = /^>[:;]/.test(text) ? text.slice(2) : text;
  const values = [start === 'C' ? startC : startB];
  while (rest !== '') {
    if (rest.startsWith('>')) {
      const invoked = rest.slice(0, 2);
      rest = rest.slice(2);
      if (invoked === '>0' && set === 'B') values.push('>'.charCodeAt(0) - 32);
      else if (invoked === '>6' && set === 'C') {
        values.push(codeB);
        set = 'B';
      } else throw new Error(`the invocation ${invoked} in set ${set}`);
      continue;
    }
    const taken = set === 'C' ? /^\d\d/.exec(rest)?.[0] : /^[ -~]/.exec(rest)?.[0];
    if (taken === undefined) throw new Error(`set ${set} has no ${rest.slice(0, 2)}`);
    values.push(set === 'C' ? Number(taken) : taken.charCodeAt(0) - 32);
    rest = rest.slice(taken.length);
  }
  return values.map((value) => `^${String(value).padStart(3, '0')}`).join('');
}

const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new Error(`no number: ${text}`);
  return Number(text);
};

function numbers(rest: string, count: 2): [number, number];
function numbers(rest: string, count: 3): [number, number, number];
function numbers(rest: string, count: number): number[] {
  const found = rest.split(',').map(whole);
  if (found.length !== count) throw new Error(`not ${count} numbers: ${rest}`);
  return found;
}

/** The labels of some ZPL. Throws for anything that is no whole format of known commands. */
export function drawZpl(zpl: Buffer): readonly Printed[] {
  const printed: Printed[] = [];
  let drawer: Drawer | undefined;
  for (const { name, rest } of commandsOf(zpl.toString('latin1'))) {
    if (name === '^XA' && !drawer && rest === '') drawer = new Drawer();
    else if (name === '^XZ' && drawer) {
      printed.push(drawer.end());
      drawer = undefined;
    } else {
      const command = drawer?.commands[name];
      if (!command) throw new Error(`the command ${name}${rest}`);
      command(rest);
    }
  }
  if (drawer) throw new Error('a format without ^XZ');
  return printed;
}

/** A picture as a file that zbar and libdmtx read (netpbm PGM), with white around it, each dot `scale` pixels wide. */
export function pgmOf({ width, height, dots }: Picture, scale = 1, margin = 20): Buffer {
  const [wide, high] = [(width + 2 * margin) * scale, (height + 2 * margin) * scale];
  const pixels = Buffer.alloc(wide * high, 255);
  for (const [index, on] of dots.entries()) {
    if (!on) continue;
    const [x, y] = [((index % width) + margin) * scale, (Math.floor(index / width) + margin) * scale];
    for (let row = y; row < y + scale; row++) pixels.fill(0, row * wide + x, row * wide + x + scale);
  }
  return Buffer.concat([Buffer.from(`P5\n${wide} ${high}\n255\n`, 'ascii'), pixels]);
}
