// The proof of possession by a Linux unit's own shell: by the symmetric key in its file, or by the private key that it made.
import { StationError } from '../../station-core/contract/errors.ts';
import type { Transfer } from './linux-console-transfer.ts';
import { nonceLength, type PossessionParts, possessionMessage } from './possession.ts';
import type { KeyInFile, Possession, UnitFile } from './protocol.ts';

export type Begun = Omit<PossessionParts, 'unitNonce'>;

/** Length of HMAC-SHA256's block (RFC 2104); longer keys would have to be hashed first, and none is. */
const blockLength = 64;
/** How often the answer is asked for, where its line is lost. */
const mostAskings = 8;

/**
 * HMAC-SHA256 (RFC 2104) in POSIX sh, which needs no tool but sha256sum and od. `ho` prints a byte, `hq` bytes from hex, `hx` the key
 * against a pad. Builtins alone see the key: no command line shows it.
 */
const functions = [
  'ho(){ printf "\\\\$(($1/64))$(($1/8%8))$(($1%8))";}',
  'hq(){ hd=$1;while [ "$hd" ];do ho 0x${hd%"${hd#??}"};hd=${hd#??};done;}',
  `hx(){ hc=0;for b in $hk;do ho $((b^$1));hc=$((hc+1));done;while [ $hc -lt ${blockLength} ];do ho $1;hc=$((hc+1));done;}`,
];

/** Reads the key as the numbers of its bytes: a shell's variables hold no zero bytes. */
const readKey = ({ offset, length, encoding }: KeyInFile): string =>
  `hk=$(dd if="$P" bs=1 skip=${offset} count=${length}${encoding === 'base64' ? '|base64 -d' : ''}|od -An -v -tu1)`;

/**
 * Puts the message into variables, as hex: `hm` is what the station says of it, `hn` the nonce that the unit draws; `hq "$hm$hn"` prints
 * its bytes.
 */
export async function beginProof(transfer: Transfer, parts: Begun, what: string, signal: AbortSignal): Promise<void> {
  const must = (command: string) => transfer.must(command, what, signal);
  for (const one of functions) await must(one);
  const message = possessionMessage({ ...parts, unitNonce: Buffer.alloc(nonceLength) });
  await must(`hm=${message.toString('hex', 0, message.length - nonceLength)}`);
  await must(
    `hn=$(od -An -v -tx1 -N${nonceLength} /dev/urandom)&&hn=$(printf %s $hn)&&[ \${#hn} = ${2 * nonceLength} ]`,
  );
}

/**
 * The unit reads the key out of its file, draws its nonce, and answers HMAC and nonce; the key stays on the unit. Throws
 * `console.failed`, `console.garbled`, `console.tool-missing` and what `run` throws.
 */
export async function proveFromFile(
  transfer: Transfer,
  keyed: KeyInFile & Pick<UnitFile, 'path'>,
  parts: Begun,
  signal: AbortSignal,
): Promise<Possession> {
  const what = 'its proof of possession';
  const must = (command: string) => transfer.must(command, what, signal);
  await transfer.need(['dd', 'od', ...(keyed.encoding === 'base64' ? ['base64'] : [])], what, signal);
  await beginProof(transfer, parts, what, signal);
  await transfer.assign('P', keyed.path, what, signal);
  try {
    await must(`${readKey(keyed)}&&[ "$hk" ]`);
    await must('hr=$({ hx 54;hq "$hm$hn";}|sha256sum)&&hr=${hr%% *}&&hr=$({ hx 92;hq "$hr";}|sha256sum)&&hr=${hr%% *}');
  } finally {
    await transfer.succeeds('unset hk', what, signal).catch(() => false);
  }
  return answered(transfer, what, signal);
}

async function answered(transfer: Transfer, what: string, signal: AbortSignal): Promise<Possession> {
  for (let asking = 1; asking <= mostAskings; asking += 1) {
    const line = await transfer.line('$hn:$hr', what, signal);
    const [, nonce, proof] = /^([0-9a-f]{64}):([0-9a-f]{64})$/.exec(line ?? '') ?? [];
    if (nonce && proof) return { unitNonce: Buffer.from(nonce, 'hex'), proof: Buffer.from(proof, 'hex') };
  }
  throw new StationError('console.garbled', { what });
}
