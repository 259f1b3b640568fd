// What somebody might send who does not know what he does: mostly right, with now and then a handle, a size or a password that is
// wrong.
import { type Random, whole } from '../../drivers/simulated/unit/random.ts';
import { sized } from '../../drivers/tpm/marshal.ts';
import { activationTemplate, ekTemplate } from '../../drivers/tpm/templates.ts';
import type { CodeName, Parts, Session } from './simulated-tpm-wire.ts';

/** The same command for both; two where it holds what only one of them can open. */
export type Asked = { readonly name: CodeName; readonly ours: Buffer; readonly theirs: Buffer };

export const objects = [0x8000_0000, 0x8000_0001, 0x8000_0002, 0x8100_0001, 0x8101_0001];
export const otherObjects = [0x8000_0003, 0x8101_0005, 0x8180_0001, 0x8200_0000, 0x4000_0007, 0x4000_0001];
export const sessions = [0x0300_0000, 0x0300_0001, 0x0300_0002];
export const otherSessions = [0x0300_0003, 0x0300_003f, 0x0300_0040, 0x0200_0000, 0x4000_0007, 0x8000_0000];
export const indices = [0x01c0_0002];
export const otherIndices = [0x01c0_0003, 0x0100_0000, 0x01ff_ffff, 0x4000_0001, 0x8100_0001];
export const hierarchies = [0x4000_0001, 0x4000_000b];
export const otherHierarchies = [0x4000_0007, 0x4000_0009, 0x0100_0000, 0x8000_0000];
export const passwords = ['', 'one', 'two'];
export const sizes = [0, 1, 15, 16, 32, 33, 48, 64, 65, 66, 67, 300, 1_023, 1_024, 1_025, 0xffff];
export const templates = [
  activationTemplate,
  activationTemplate,
  ekTemplate('p256'),
  ekTemplate('high-p256'),
  ekTemplate('high-p384'),
  ekTemplate('rsa2048'),
];
export const digests = [
  Buffer.alloc(0),
  Buffer.alloc(32),
  Buffer.from('837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa', 'hex'),
  Buffer.from('3767e2edd43ff45a3a7e1eaefcef78643dca964632e7aad82c673a30d8633fde', 'hex'),
  Buffer.from(
    '8bbf2266537c171cb56e403c4dc1d4b64f432611dc386e6f532050c3278c930e143e8bb1133824ccb431053871c6db53',
    'hex',
  ),
  Buffer.from(
    'd6032ce61f2fb3c240eb3cf6a33237ef2b6a16f4293c22b455e261cffd217ad5b4947c2d73e63005eed2dc2b3593d165',
    'hex',
  ),
];
/** Numbers that both count. */
export const properties = [0x203, 0x204, 0x207, 0x208, 0x20e, 0x20f, 0x210];

export class Dice {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  /** A number from 0 up to, not including, `limit`; up to 1 without one. */
  roll(limit?: number): number {
    return limit === undefined ? this.#random() : whole(this.#random, limit);
  }

  chance(of: number): boolean {
    return this.#random() < of;
  }

  pick<T>(from: readonly T[]): T {
    return from[whole(this.#random, from.length)] as T;
  }

  handle(right: readonly number[], wrong: readonly number[]): number {
    return this.pick(this.chance(0.93) ? right : wrong);
  }

  password(): Session {
    const auth = this.chance(0.9) ? '' : this.pick(passwords);
    return { handle: 0x4000_0009, auth: Buffer.from(auth), attributes: this.attributes() };
  }

  attributes(): number {
    return this.chance(0.93) ? this.pick([0, 1]) : 1 << whole(this.#random, 8);
  }

  policy(): Session {
    const auth = this.chance(0.95) ? Buffer.alloc(0) : Buffer.from('one');
    return { handle: this.handle(sessions, otherSessions), auth, attributes: this.attributes() };
  }

  /** Sessions of a command, which now and then come in another number or order than they should. */
  sessions(right: readonly Session[]): Pick<Parts, 'sessions'> {
    if (this.chance(0.92)) return right.length > 0 ? { sessions: right } : {};
    const count = whole(this.#random, 5);
    if (count === 0) return {};
    return { sessions: Array.from({ length: count }, () => (this.chance(0.5) ? this.password() : this.policy())) };
  }

  /** Cuts a command short, or lets something stand behind it; the size in its header is right. */
  damaged({ name, ours, theirs }: Asked): Asked {
    const change = this.damage(ours.length);
    return { name, ours: change(ours), theirs: change(theirs) };
  }

  damage(length: number): (bytes: Buffer) => Buffer {
    const dice = this.#random();
    if (dice > 0.12) return (bytes) => bytes;
    const kept = dice < 0.08 ? 10 + whole(this.#random, length - 9) : length;
    const more = Buffer.alloc(dice < 0.08 ? 0 : 1 + whole(this.#random, 9), whole(this.#random, 3));
    return (bytes) => {
      const changed = Buffer.concat([bytes.subarray(0, kept), more]);
      changed.writeUInt32BE(changed.length, 2);
      return changed;
    };
  }

  sized(bytes: Buffer): Buffer {
    const whatever = sized(bytes);
    if (this.chance(0.03)) whatever.writeUInt16BE(this.pick(sizes));
    return whatever;
  }
}
