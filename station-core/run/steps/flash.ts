import { type EspKey, writeImage } from '../../../drivers/esp-secure-cert/image.ts';
import type { Ended } from '../../../drivers/programmers/programmer.ts';
import { StationError } from '../../contract/errors.ts';
import type { ImagePlan } from '../../contract/image.ts';
import type { Facts } from '../../contract/run.ts';
import type { Bench, ImageFile, Step } from '../bench.ts';
import { brokenBy, endedAs } from '../programming.ts';
import { readied, runProgram } from '../programs.ts';
import { greetBack } from './greet.ts';
import { requireSameUnit } from './identify.ts';
import { fullChain, holdsChain, intendInstall } from './install.ts';
import { idOf } from './release.ts';

/**
 * Gives the unit key and certificate as an image of its partition, which a program writes while the link is closed. Then the unit starts
 * anew, says who it is, and its chain is read back. What would be refused is refused before the release entry; the image is a file for
 * as long as the program runs.
 */
export const flash: Step = {
  kind: 'irreversible',
  async before(bench) {
    await requireSameUnit(bench);
    await requireRoom(bench);
    await readied(bench, planOf(bench).programmer);
    imageOf(bench)?.fill(0);
  },
  intent: intendInstall,
  async act(bench) {
    const { certified } = bench;
    const image = imageOf(bench);
    // A key that was destroyed when the unit proved it cannot be written again: the unit must hold it.
    const programmed = image ? await write(bench, image) : {};
    const chain = fullChain(certified);
    if (!(await holdsChain(bench, certified.operation, chain))) throw new StationError('unit.chain-differs');
    bench.later(() => bench.shop.records.credentials.advance(idOf(bench), 'committed'));
    return { delivery: 'image', chain: certified.above.length + 1, ...programmed };
  },
};

function planOf({ unit: { recipe } }: Bench): ImagePlan {
  if (recipe.image) return recipe.image;
  throw new StationError('recipe.unsupported', { what: 'an image without the recipe’s part for it' });
}

/** A program asks the unit nothing, so this is asked here: only a credential of its own gives way, and only where people agreed. */
async function requireRoom({ certified, session, signal }: Bench): Promise<void> {
  const { state, operation } = await session.status(signal);
  if (state !== 'committed' || operation === undefined || operation.equals(certified.operation)) return;
  if (!certified.replaces?.equals(operation)) throw new StationError('unit.other-credential');
}

/** The image, which the caller zeroes; none where the station has no key to write. Throws `input.invalid` where it does not fit. */
function imageOf(bench: Bench): Buffer | undefined {
  const plan = planOf(bench);
  const { certified } = bench;
  const key = keyOf(plan, certified.secret?.bytes);
  if (key === undefined) return undefined;
  const roots = plan.roots === undefined ? {} : { roots: Buffer.from(plan.roots, 'latin1') };
  const identity = { chain: fullChain(certified), key, operation: certified.operation, ...roots };
  return plan.bytes === undefined ? writeImage(identity) : writeImage(identity, plan.bytes);
}

function keyOf({ keyBlock }: ImagePlan, pkcs8: Buffer | undefined): EspKey | undefined {
  if (keyBlock !== undefined) return { kind: 'efuse', block: keyBlock };
  return pkcs8 && { kind: 'plain', pkcs8 };
}

/** Writes it, and greets the unit again, which must still be the same. */
async function write(bench: Bench, image: Buffer): Promise<Facts> {
  const { programmer: plan } = planOf(bench);
  await using file = await onFile(bench, image);
  await bench.hangUp();
  const ready = await readied(bench, plan);
  const ended = unsaid(await runProgram(bench, plan, ready, file.path));
  if (ended.ending.how === 'stopped') bench.signal.throwIfAborted();
  const broken = brokenBy(plan, ended);
  if (broken) throw broken;
  await greetBack(bench);
  await requireSameUnit(bench);
  return {
    imageProgrammer: plan.name,
    imageProgramSha256: ready.sha256,
    imageProgramEnded: endedAs(ended.ending),
  };
}

async function onFile({ shop }: Bench, image: Buffer): Promise<ImageFile> {
  try {
    return await shop.imageFile(image);
  } finally {
    image.fill(0);
  }
}

/** A program that had the key may say it in any form: nothing that it printed is kept. */
const unsaid = ({ ending }: Ended): Ended => ({
  ending,
  printed: { bytes: 0, text: '', said: 'what it printed is not kept, since it had the key' },
});
