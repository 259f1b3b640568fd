import { code128Field } from './code-128-field.ts';
import type { Drawn, Layout } from './layout.ts';
import { cannot } from './values.ts';

// ZPL II (Zebra, ZPL II Programming Guide). The printer draws the codes itself, dot for dot.

/** What may be the escape character of ^BX: printable, and neither a prefix nor what parts parameters. */
const escapes = '|!#$%&*+=?@;:<>()[]{}/-."\'`ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/**
 * A label as a ZPL format. Every character of a value that is not plainly harmless goes out as the hexadecimal of its UTF-8 (^FH, ^CI28),
 * so that no value can begin a command, change the prefix, or be taken for an escape. Throws `label.cannot`.
 */
export function zplOf({ width, height, drawn }: Layout): Buffer {
  const head = `^XA^CI28^PW${width}^LL${height}^LH0,0`;
  return Buffer.from(`${[head, ...drawn.map(fieldOf), '^PQ1^XZ'].join('\n')}\n`, 'ascii');
}

function fieldOf(drawn: Drawn): string {
  const at = `^FO${drawn.x},${drawn.y}`;
  switch (drawn.kind) {
    case 'text':
      return `${at}^A0N,${drawn.height}^FH^FD${escaped(drawn.text)}^FS`;
    case 'box':
      return `${at}^GB${drawn.width},${drawn.height},${drawn.line}^FS`;
    case 'code-128':
      return `${at}^BY${drawn.module}^BCN,${drawn.height},N,N,N,N^FH^FD${escaped(code128Field(drawn.text))}^FS`;
    case 'qr':
      return `${at}^BQN,2,${drawn.module}^FH^FD${drawn.level}A,${escaped(drawn.text)}^FS`;
    case 'data-matrix':
      return `${at}^BXN,${drawn.module},200,,,,${escapeFor(drawn.text)}^FH^FD${escaped(drawn.text)}^FS`;
  }
}

/** ^BX takes a character of the data for the begin of a control sequence, `~` or `_` by firmware, unless it is told another one. */
function escapeFor(text: string): string {
  const free = [...escapes].find((one) => !text.includes(one));
  if (free === undefined) throw cannot('the Data Matrix', 'its text has every character that there is');
  return free;
}

/** ^FH: `_` and two hexadecimal digits stand for one byte. */
const escaped = (text: string): string =>
  [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9 .:/-]/.test(character) ? character : `_${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
