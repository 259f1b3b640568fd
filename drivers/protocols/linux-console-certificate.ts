// A private key that a Linux unit makes with its own OpenSSL, in the file where IoT Edge will find it, and its certificate chain.
import { StationError } from '../../station-core/contract/errors.ts';
import { writeFile } from './linux-console-files.ts';
import { type Begun, beginProof } from './linux-console-proof.ts';
import type { Transfer } from './linux-console-transfer.ts';
import { nonceLength } from './possession.ts';
import type { CertificatePlaces, KeyAlgorithm, KeyRequest, Possession } from './protocol.ts';

/** How `openssl genpkey` makes each kind, as PKCS#8 in PEM. */
const generating = {
  p256: '-algorithm EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:named_curve',
  p384: '-algorithm EC -pkeyopt ec_paramgen_curve:P-384 -pkeyopt ec_param_enc:named_curve',
  rsa2048: '-algorithm RSA -pkeyopt rsa_keygen_bits:2048',
  rsa3072: '-algorithm RSA -pkeyopt rsa_keygen_bits:3072',
  rsa4096: '-algorithm RSA -pkeyopt rsa_keygen_bits:4096',
} as const satisfies Record<KeyAlgorithm, string>;

/** What a unit with an OpenSSL can do, by the names of uart-v1. */
export const certifiedCapabilities: readonly string[] = [
  'csr',
  'chain',
  'proof-signature',
  ...Object.keys(generating).map((name) => `key-${name}`),
];

/** What requests and proofs are signed with (possession.ts, possessionDigest). */
const digestOf = (algorithm: KeyAlgorithm) => (algorithm === 'p384' ? 'sha384' : 'sha256');

/** What DPS takes as a registration ID: nothing in it means anything in a configuration of OpenSSL. */
const plainId = /^[A-Za-z0-9._:-]{1,128}$/;

/** Most that a request, a signature and a chain may have. */
const longest = { request: 4_096, signature: 1_024, chain: 65_536 } as const;

/** Certificates are public, and are read by another user than keys. */
const chainMode = 0o644;

/** The key that a unit made in this conversation, and what belongs to it. */
export class ConsoleKey {
  readonly operation: Buffer;
  readonly #algorithm: KeyAlgorithm;
  readonly #transfer: Transfer;
  readonly #places: CertificatePlaces;

  private constructor(transfer: Transfer, places: CertificatePlaces, { operation, algorithm }: KeyRequest) {
    this.#transfer = transfer;
    this.#places = places;
    this.operation = Buffer.from(operation);
    this.#algorithm = algorithm;
  }

  /**
   * Finds the key of this operation, or lets the unit make it. One that was made for another operation gives way only as long as no
   * certificate for it lies there; one that others made is neither used nor written over. Throws `unit.other-credential`, `console.tool-missing`, `console.failed` and what `run` throws.
   */
  static async make(
    transfer: Transfer,
    places: CertificatePlaces,
    request: KeyRequest,
    signal: AbortSignal,
  ): Promise<ConsoleKey> {
    const key = new ConsoleKey(transfer, places, request);
    const what = 'making a key';
    await transfer.need(['openssl', 'mktemp', 'mv', 'sync'], what, signal);
    await key.#name(what, signal);
    await transfer.must('[ ! -d "$P" ]', what, signal);
    // Which operation and algorithm the key is of stands beside it, written before it: the key itself is in its place or is not.
    const ours = `${request.operation.toString('hex')} ${request.algorithm}`;
    if (await transfer.succeeds('[ -e "$P" ]', what, signal)) {
      if (await transfer.succeeds(`read -r hd <"$M"&&[ "$hd" = "${ours}" ]`, what, signal)) return key;
      const gives = (await transfer.succeeds('[ -s "$M" ]', what, signal)) && !(await key.#isCertified(what, signal));
      if (!gives) throw new StationError('unit.other-credential');
    }
    await transfer.must(`rm -f "$P" "$D".birthmark.??????&&printf '%s\\n' '${ours}' >"$M"&&sync`, what, signal);
    await transfer.must('N=$(umask 077;mktemp "$D".birthmark.XXXXXX)', what, signal);
    await transfer.tool(`openssl genpkey ${generating[request.algorithm]} >"$N"`, what, signal);
    await transfer.must('sync&&mv "$N" "$P"&&sync', what, signal);
    return key;
  }

  /** Names the key's place, its folder, and what stands beside it. */
  async #name(what: string, signal: AbortSignal): Promise<void> {
    await this.#transfer.assign('P', this.#places.key, what, signal);
    await this.#transfer.must('D="${P%/*}/";M="$D.birthmark-${P##*/}"', what, signal);
  }

  /** The unit's certificate request for that name: PKCS#10, DER, without attributes. */
  async request(registrationId: string, signal: AbortSignal): Promise<Buffer> {
    const what = 'its certificate request';
    if (!plainId.test(registrationId)) throw new RangeError('a registration ID that no certificate is asked for with');
    return this.#inFolder(what, signal, async () => {
      // Its own configuration, since images have others or none; the name is a UTF8String (RFC 5280, 4.1.2.4).
      const lines = '[req]\\nprompt=no\\nstring_mask=utf8only\\ndistinguished_name=d\\n[d]\\nCN=%s\\n';
      await this.#transfer.must(`printf '${lines}' '${registrationId}' >"$N/c"`, what, signal);
      const from = `-config "$N/c" -key "$P" -${digestOf(this.#algorithm)}`;
      await this.#transfer.tool(`openssl req -new ${from} -outform DER >"$N/o"`, what, signal);
      return this.#output('o', what, longest.request, signal);
    });
  }

  /** Writes the chain. It is of no use without its key, which is there, and nothing names it yet. */
  writeChain(bytes: Buffer, signal: AbortSignal): Promise<void> {
    return writeFile(this.#transfer, { path: this.#places.chain, mode: chainMode, bytes }, signal);
  }

  /** Whether the first certificate of the chain is for the key. Throws `unit.refused` when it is not. */
  async checkPair(signal: AbortSignal): Promise<void> {
    const what = 'comparing key and certificate';
    await this.#name(what, signal);
    if (await this.#isCertified(what, signal)) return;
    throw new StationError('unit.refused', { what: 'chain', reason: 'the certificate is not for its key' });
  }

  async #isCertified(what: string, signal: AbortSignal): Promise<boolean> {
    await this.#transfer.assign('C', this.#places.chain, what, signal);
    const [ofChain, ofKey] = ['openssl x509 -in "$C" -noout -pubkey', 'openssl pkey -in "$P" -pubout'];
    return this.#transfer.succeeds(`hd=$(${ofChain})&&[ "$hd" = "$(${ofKey})" ]`, what, signal);
  }

  /** The chain as the unit holds it: PEM. */
  async readChain(signal: AbortSignal): Promise<Buffer> {
    const what = 'its certificate chain';
    const chain = await this.#transfer.read(this.#places.chain, { what, most: longest.chain }, signal);
    if (chain === undefined) throw new StationError('unit.refused', { what: 'chain', reason: 'there is none' });
    return chain;
  }

  /** The key's signature over the message that station and unit make together. */
  async prove(parts: Begun, signal: AbortSignal): Promise<Possession> {
    const what = 'its proof of possession';
    return this.#inFolder(what, signal, async () => {
      await beginProof(this.#transfer, parts, what, signal);
      const signing = `openssl dgst -${digestOf(this.#algorithm)} -sign "$P"`;
      await this.#transfer.tool(`hq "$hm$hn"|${signing} >"$N/o"&&hq "$hn" >"$N/n"`, what, signal);
      const unitNonce = await this.#output('n', what, nonceLength, signal);
      return { unitNonce, proof: await this.#output('o', what, longest.signature, signal) };
    });
  }

  /** Works in a folder of the unit that is gone afterwards; nothing secret is written to it. */
  async #inFolder<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#name(what, signal);
    await this.#transfer.must('N=$(umask 077;mktemp -d)', what, signal);
    try {
      return await work();
    } finally {
      // A shell that is gone cannot tidy up either.
      await this.#transfer.succeeds('rm -rf "$N"', what, signal).catch(() => false);
    }
  }

  async #output(name: string, what: string, most: number, signal: AbortSignal): Promise<Buffer> {
    await this.#transfer.must(`F="$N/${name}"`, what, signal);
    const bytes = await this.#transfer.readAt('F', { what, most }, signal);
    if (bytes === undefined) throw new StationError('console.garbled', { what });
    return bytes;
  }
}
