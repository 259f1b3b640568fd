// One command at a time, for a simulated TPM and for swtpm.
import { makeCredential } from '../../drivers/tpm/credential.ts';
import { u16, u32 } from '../../drivers/tpm/marshal.ts';
import { nameOf, readPublicArea } from '../../drivers/tpm/public.ts';
import {
  type Asked,
  type Dice,
  digests,
  hierarchies,
  indices,
  objects,
  otherHierarchies,
  otherIndices,
  otherObjects,
  otherSessions,
  passwords,
  properties,
  sessions,
  sizes,
  templates,
} from './simulated-tpm-dice.ts';
import type { TpmPair } from './simulated-tpm-pair.ts';
import {
  type CodeName,
  commandOf,
  type Parts,
  password,
  primaryParameters,
  type Session,
  sessionParameters,
} from './simulated-tpm-wire.ts';

/** The same bytes for both. */
export function same(name: CodeName, parts: Parts): Asked {
  const bytes = commandOf(name, parts);
  return { name, ours: bytes, theirs: bytes };
}

export class CommandMaker {
  readonly #dice: Dice;
  readonly #pair: TpmPair;

  constructor(dice: Dice, pair: TpmPair) {
    this.#dice = dice;
    this.#pair = pair;
  }

  createPrimary(): Asked {
    const auth = Buffer.from(
      this.#dice.chance(0.8) ? '' : this.#dice.pick([...passwords, 'x'.repeat(32), 'x'.repeat(33)]),
    );
    // A key of its own makes RSA slow: its template stays as it is.
    const template = Buffer.from(this.#dice.pick(templates));
    const isRsa = template.readUInt16BE(0) === 1;
    if (!isRsa && this.#dice.chance(0.1))
      template.writeUInt32BE((template.readUInt32BE(4) ^ (1 << this.#dice.roll(32))) >>> 0, 4);
    const parameters = this.#dice.chance(0.85)
      ? primaryParameters(template, auth)
      : Buffer.concat([
          this.#dice.sized(Buffer.concat([this.#dice.sized(auth), u16(0)])),
          this.#dice.sized(template),
          this.#dice.sized(Buffer.alloc(this.#dice.pick([0, 1, 64, 66, 67]))),
          u32(0),
        ]);
    return same('CreatePrimary', {
      handles: [this.#dice.handle([...hierarchies, 0x4000_0007], otherHierarchies)],
      ...this.#dice.sessions([this.#dice.password()]),
      parameters,
    });
  }

  readPublic(): Asked {
    return same('ReadPublic', { handles: [this.#dice.handle(objects, otherObjects)], ...this.#dice.sessions([]) });
  }

  nvRead(): Asked {
    const index = this.#dice.handle(indices, otherIndices);
    const authority = this.#dice.chance(0.8) ? index : this.#dice.handle(hierarchies, otherHierarchies);
    const parameters = Buffer.concat([
      u16(this.#dice.pick(sizes)),
      u16(this.#dice.chance(0.5) ? 0 : this.#dice.pick(sizes)),
    ]);
    return same('NV_Read', {
      handles: [authority, index],
      ...this.#dice.sessions([this.#dice.password()]),
      parameters,
    });
  }

  nvReadPublic(): Asked {
    return same('NV_ReadPublic', { handles: [this.#dice.handle(indices, otherIndices)], ...this.#dice.sessions([]) });
  }

  startSession(): Asked {
    const parameters = this.#dice.chance(0.85)
      ? sessionParameters(this.#dice.pick([0x0b, 0x0b, 0x0b, 0x0c, 0x0d, 0x10, 0x99]))
      : Buffer.concat([
          this.#dice.sized(Buffer.alloc(this.#dice.pick(sizes.slice(0, 9)))),
          this.#dice.sized(Buffer.alloc(this.#dice.pick([0, 0, 1]))),
          Buffer.of(this.#dice.pick([1, 1, 2, 9])),
          u16(0x10),
          u16(0x0b),
        ]);
    const handles = [
      0x4000_0007,
      this.#dice.chance(0.95) ? 0x4000_0007 : this.#dice.pick([0x4000_0009, 0x8101_0009, 0x0300_0000]),
    ];
    return same('StartAuthSession', { handles, ...this.#dice.sessions([]), parameters });
  }

  policySecret(): Asked {
    const entity = this.#dice.chance(0.85)
      ? 0x4000_000b
      : this.#dice.pick([...objects, ...otherObjects, ...indices, 0x4000_0001]);
    const parameters = this.#dice.chance(0.9)
      ? Buffer.alloc(10)
      : Buffer.concat([
          this.#dice.sized(Buffer.alloc(this.#dice.pick([0, 0, 16, 65]))),
          this.#dice.sized(Buffer.alloc(this.#dice.pick([0, 0, 5]))),
          this.#dice.sized(Buffer.alloc(this.#dice.pick([0, 5, 64, 65]))),
          u32(0),
        ]);
    return same('PolicySecret', {
      handles: [entity, this.#dice.handle(sessions, otherSessions)],
      ...this.#dice.sessions([this.#dice.password()]),
      parameters,
    });
  }

  policyOr(): Asked {
    const count = this.#dice.chance(0.85) ? 2 : this.#dice.pick([0, 1, 3, 8, 9]);
    const branches = Array.from({ length: count }, (_, at) =>
      this.#dice.sized(digests[at + 2] ?? this.#dice.pick(digests)),
    );
    const parameters = Buffer.concat([u32(count), ...branches]);
    return same('PolicyOR', {
      handles: [this.#dice.handle(sessions, otherSessions)],
      ...this.#dice.sessions([]),
      parameters,
    });
  }

  flush(): Asked {
    // swtpm flushes a policy session by the handle of an HMAC session, too.
    const others = otherSessions.filter((session) => session >>> 24 !== 2);
    const handle = this.#dice.handle([...objects.slice(0, 3), ...sessions], [...otherObjects, ...others, ...objects]);
    return same('FlushContext', { parameters: u32(handle), ...this.#dice.sessions([]) });
  }

  evict(): Asked {
    const object = this.#dice.handle(objects, otherObjects);
    const to =
      object >= 0x8100_0000 && this.#dice.chance(0.7)
        ? object
        : this.#dice.pick([...objects.slice(3), ...otherObjects]);
    const handles = [this.#dice.chance(0.9) ? 0x4000_0001 : this.#dice.pick(otherHierarchies), object];
    return same('EvictControl', { handles, ...this.#dice.sessions([this.#dice.password()]), parameters: u32(to) });
  }

  changeAuth(): Asked {
    // To nothing, so that the rest is not refused for it, or not at all.
    const auth = Buffer.from(this.#dice.chance(0.7) ? '' : 'x'.repeat(65));
    return same('HierarchyChangeAuth', {
      handles: [this.#dice.handle(hierarchies, otherHierarchies)],
      sessions: [password(this.#dice.pick([...passwords, 'x'.repeat(64)]))],
      parameters: this.#dice.sized(auth),
    });
  }

  capability(): Asked {
    const of = this.#dice.pick([1, 1, 6, 0x10]);
    const from =
      of === 6
        ? this.#dice.pick(properties)
        : this.#dice.pick([0x8000_0000, 0x8100_0000, 0x0100_0000, 0x0200_0000, 0x0300_0000, ...otherObjects]);
    // Of the permanent handles, swtpm has others.
    const first = from >>> 24 === 0x40 && of === 1 ? 0x5000_0000 : from;
    const count = of === 6 ? 1 : this.#dice.pick([0, 1, 2, 254, 0xffff_ffff]);
    const parameters = Buffer.concat([u32(of), u32(first), u32(count)]);
    return same('GetCapability', { ...this.#dice.sessions([]), parameters });
  }

  /** A credential for keys that are there, each TPM's own; else for nothing. */
  activate(): Promise<Asked> {
    const activated = this.#dice.handle(objects, otherObjects);
    const decrypting = this.#dice.handle(objects, otherObjects);
    const authorised = this.#dice.sessions([this.#dice.password(), this.#dice.policy()]).sessions ?? [];
    return this.activation(activated, decrypting, authorised);
  }

  #isLoaded(handle: number): boolean {
    return handle >>> 24 !== 0x80 || this.#pair.inUse(0x8000_0000).includes(handle);
  }

  async activation(activated: number, wanted: number, authorised: readonly Session[]): Promise<Asked> {
    // In swtpm, a persistent key takes the place of a transient one meanwhile: what is not loaded seems to be.
    const decrypting = this.#isLoaded(wanted) || activated >>> 24 !== 0x81 ? wanted : 0x8101_0005;
    const secret = Buffer.alloc(this.#dice.pick([1, 16, 32, 32, 33, 48]), 0x5a);
    const places = [await this.#pair.both(readPublicOf(activated)), await this.#pair.both(readPublicOf(decrypting))];
    const tamper = this.#tampering();
    const parts = { handles: [activated, decrypting], ...(authorised.length > 0 ? { sessions: authorised } : {}) };
    const [ours, theirs] = (['ours', 'theirs'] as const).map((side) => {
      const [object, key] = places.map((answers) => publicOf(answers[side]));
      const parameters = object && key ? tamper(credentialFor(object, key, secret)) : Buffer.alloc(4);
      return commandOf('ActivateCredential', { ...parts, parameters });
    });
    if (!ours || !theirs) throw new TypeError('two sides');
    return { name: 'ActivateCredential', ours, theirs };
  }

  /** Changes the same place of both: a bit, or nothing. */
  #tampering(): (parameters: Buffer) => Buffer {
    if (this.#dice.chance(0.7)) return (parameters) => parameters;
    const [place, bit] = [this.#dice.roll(), this.#dice.roll(8)];
    return (parameters) => {
      const changed = Buffer.from(parameters);
      const at = Math.floor(place * changed.length);
      changed[at] = (changed[at] ?? 0) ^ (1 << bit);
      return changed;
    };
  }
}

const readPublicOf = (handle: number): Buffer => commandOf('ReadPublic', { handles: [handle] });

type Area = ReturnType<typeof readPublicArea>;

function publicOf(response: Buffer): Area | undefined {
  if (response.length === 10) return undefined;
  const length = response.readUInt16BE(10);
  return readPublicArea(response.subarray(10, 12 + length), 'a key');
}

function credentialFor(object: Area, key: Area, secret: Buffer): Buffer {
  const fitting = key.nameAlgorithm === 'sha256' ? secret.subarray(0, 32) : secret;
  const challenge = makeCredential(key, nameOf(object), fitting);
  return Buffer.concat([challenge.credential, challenge.secret]);
}
