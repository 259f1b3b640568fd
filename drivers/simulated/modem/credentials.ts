// %CMNG and %KEYGEN as the nRF91 AT command reference guides describe them.
import { createHash, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto';
import type { Act, ModemFaults } from './faults.ts';
import { type Entry, TagMemory } from './memory.ts';
import { certificateRequest, readAttributes } from './request.ts';

/** What a command ends with: lines and OK, or the number of an error. */
export type Ended = { readonly lines: readonly string[] } | { readonly error: number };

const ok: Ended = { lines: [] };
const errors = { parameters: 50, notFound: 513, noAccess: 514, full: 515, active: 518, exists: 519, certificate: 527 };
const types = { roots: 0, certificate: 1, key: 2, pskIdentity: 4 } as const;
const certificates: readonly number[] = [types.roots, types.certificate];
const readable: readonly number[] = [types.roots, types.pskIdentity];
const longestTag = 2_147_483_647;

export class Credentials {
  readonly #memory: TagMemory;
  readonly #faults: ModemFaults;
  readonly #acted: (act: Act) => void;
  readonly #uuid: string;

  /** `acted` is told what was done to the memory, or is about to be. */
  constructor(path: string, uuid: string, faults: ModemFaults, acted: (act: Act) => void) {
    this.#memory = new TagMemory(path);
    this.#uuid = uuid;
    this.#faults = faults;
    this.#acted = acted;
  }

  /** %CMNG=<opcode>[,<sec_tag>[,<type>[,<content>]]] */
  manage(parameters: readonly string[], active: boolean): Ended {
    const [opcode, tag, type] = parameters.slice(0, 3).map(Number);
    if (opcode === 1) return this.#list(tag, type);
    if (tag === undefined || !(tag >= 0 && tag <= longestTag) || type === undefined)
      return { error: errors.parameters };
    const content = parameters[3];
    if (opcode === 2) return this.#read(tag, type);
    if (active) return { error: errors.active };
    if (opcode === 3) return this.#forget(tag, type);
    if (opcode !== 0 || content === undefined || content === '') return { error: errors.parameters };
    return this.#write({ tag, type, content: Buffer.from(content, 'latin1') });
  }

  #list(tag: number | undefined, type: number | undefined): Ended {
    const found = this.#memory.entries.filter(
      (one) => (tag === undefined || one.tag === tag) && (type === undefined || one.type === type),
    );
    return { lines: found.map((one) => `%CMNG: ${one.tag},${one.type},"${this.#digest(one)}"`) };
  }

  #read(tag: number, type: number): Ended {
    const entry = this.#memory.at(tag, type);
    if (entry === undefined) return { error: errors.notFound };
    if (!readable.includes(type)) return { error: errors.noAccess };
    return { lines: [`%CMNG: ${tag},${type},"${this.#digest(entry)}","${entry.content.toString('latin1')}"`] };
  }

  #digest({ type, content }: Entry): string {
    if (this.#faults.fillers) return type.toString(16).padStart(2, '0').repeat(32);
    return createHash('sha256').update(content).digest('hex').toUpperCase();
  }

  #forget(tag: number, type: number): Ended {
    if (this.#memory.at(tag, type) === undefined) return { error: errors.notFound };
    this.#memory.forget(tag, type);
    this.#acted('forgotten');
    return ok;
  }

  #write(entry: Entry): Ended {
    if (this.#memory.at(entry.tag, entry.type) !== undefined) return { error: errors.exists };
    if (this.#memory.isFull) return { error: errors.full };
    if (certificates.includes(entry.type) && !isCertificate(entry.content)) return { error: errors.certificate };
    this.#acted('writing');
    this.#memory.put(entry);
    this.#acted('written');
    return ok;
  }

  /** %KEYGEN=<sec_tag>,<key_type>[,<response_content>][,<attributes>] */
  generate(parameters: readonly string[], active: boolean): Ended {
    const [tag, type, content = 0] = parameters.slice(0, 3).map(Number);
    const attributes = readAttributes(parameters[3] ?? `CN=${this.#uuid}`);
    if (tag === undefined || !(tag >= 0 && tag <= longestTag) || attributes === undefined) {
      return { error: errors.parameters };
    }
    if (type !== types.key || content !== 0) return { error: errors.parameters };
    if (active) return { error: errors.active };
    if (this.#memory.at(tag, types.key) !== undefined) return { error: errors.exists };
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#memory.put({ tag, type, content: privateKey.export({ format: 'der', type: 'pkcs8' }) });
    this.#acted('key-made');
    // The signature of its identity key says nothing to whoever does not have that.
    const said = [certificateRequest(privateKey, attributes), randomBytes(150)];
    return { lines: [`%KEYGEN: "${said.map((part) => part.toString('base64url')).join('.')}"`] };
  }
}

/** What firmware 2.0.2 looks at: PEM whose lines end with a line feed alone. */
function isCertificate(content: Buffer): boolean {
  if (!content.toString('latin1').startsWith('-----BEGIN CERTIFICATE-----\n') || content.includes('\r')) return false;
  try {
    return new X509Certificate(content).subject !== undefined;
  } catch {
    // OpenSSL's words about it are nobody's business; that it is none is the answer.
    return false;
  }
}
