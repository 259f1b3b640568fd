// The proof of possession by a Linux unit's own shell, with the key in the file where IoT Edge will find it.
import { StationError } from '../../station-core/contract/errors.ts';
import type { Transfer } from './linux-console-transfer.ts';
import { nonceLength, type PossessionParts, possessionMessage } from './possession.ts';
import type { KeyInFile, Possession, UnitFile } from './protocol.ts';

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

/** The message but for the unit's nonce, which the unit draws and appends. */
const beginOf = (parts: Omit<PossessionParts, 'unitNonce'>): Buffer =>
  possessionMessage({ ...parts, unitNonce: Buffer.alloc(nonceLength) }).subarray(0, -nonceLength);

/**
 * The unit reads the key out of its file, draws its nonce, and answers HMAC and nonce; the key stays on the unit. Throws
 * `console.failed`, `console.garbled`, `console.tool-missing` and what `run` throws.
 */
export async function proveFromFile(
  transfer: Transfer,
  keyed: KeyInFile & Pick<UnitFile, 'path'>,
  parts: Omit<PossessionParts, 'unitNonce'>,
  signal: AbortSignal,
): Promise<Possession> {
  const what = 'its proof of possession';
  const must = (command: string) => transfer.must(command, what, signal);
  for (const tool of ['dd', 'od', ...(keyed.encoding === 'base64' ? ['base64'] : [])]) {
    if (!(await transfer.succeeds(`command -v ${tool}`, what, signal)))
      throw new StationError('console.tool-missing', { tool });
  }
  for (const one of functions) await must(one);
  await transfer.assign('P', keyed.path, what, signal);
  await must(`hm=${beginOf(parts).toString('hex')}`);
  await must(
    `hn=$(od -An -v -tx1 -N${nonceLength} /dev/urandom)&&hn=$(printf %s $hn)&&[ \${#hn} = ${2 * nonceLength} ]`,
  );
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
