import { seeded, whole } from '../../drivers/simulated/unit/random.ts';

/** The messages that a kernel prints on the console while a shell does. */
const messages = [
  '[   12.345678] usb 1-1: new high-speed USB device number 3 using xhci_hcd',
  '[   13.001122] EXT4-fs (mmcblk0p2): mounted filesystem with ordered data mode. Opts: (null); quota: none',
  '[ 1042.999999] random: crng init done',
  '[   14.500000] login: segfault at 0 ip 00007f7f sp 00007ffe error 4 in libc.so',
];

/** Writes a kernel's messages between the bytes that pass, as often as the chance says for each byte; a seed plays it again. */
export function kernelNoise(seed: number, chance: number): (bytes: Buffer) => readonly Buffer[] {
  const random = seeded(seed);
  return (bytes) => {
    const pieces: Buffer[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      if (random() >= chance) continue;
      const message = messages[whole(random, messages.length)] ?? '';
      // Where the driver's queue was cut, a line of the kernel's may stand in the middle of another.
      pieces.push(bytes.subarray(from, at), Buffer.from(`${random() < 0.5 ? '' : '\r\n'}${message}\r\n`));
      from = at;
    }
    pieces.push(bytes.subarray(from));
    return pieces;
  };
}

/** Loses bytes as a UART without flow control does when its machine is busy, as often as the chance says for each. */
export function lossyLine(seed: number, chance: number): (bytes: Buffer) => readonly Buffer[] {
  const random = seeded(seed);
  return (bytes) => [Buffer.from(bytes.filter(() => random() >= chance))];
}

/** A disturbance that begins when it is told to. */
export function fromThenOn(disturb: (bytes: Buffer) => readonly Buffer[]) {
  let on = false;
  return {
    begin: () => {
      on = true;
    },
    onWay: (bytes: Buffer): readonly Buffer[] => (on ? disturb(bytes) : [bytes]),
  };
}
