import type { UnitAccess, UnitSession } from '../../../drivers/protocols/protocol.ts';
import { attestationOf } from '../../attestation/registry.ts';
import { certificatePlacesOf, keyComesByFile } from '../../contract/edge.ts';
import { StationError } from '../../contract/errors.ts';
import { bitsOf } from '../../contract/unit-file.ts';
import type { Bench, Step } from '../bench.ts';
import { whenBack } from '../settling.ts';

/** Opens the link, agrees on the protocol's version and on what the unit can do. */
export const greet: Step = {
  kind: 'reversible',
  async act(bench) {
    const { lock, attestation, delivery, tpm, edge, programmer } = bench.unit.recipe;
    const { hello } = await (programmer ? greetBack(bench) : greeted(bench));
    const needed = [
      ...attestationOf(bench.unit.recipe).capabilities(bench.unit.recipe),
      ...(tpm ? ['tpm'] : []),
      ...(edge ? ['file'] : []),
      ...(delivery === 'clear' ? [] : [`delivery-${delivery}`]),
      ...(lock ? ['lock'] : []),
    ];
    const missing = needed.find((capability) => !hello.capabilities.includes(capability));
    if (missing) throw new StationError('unit.cannot', { what: missing });
    return {
      protocolVersion: hello.version,
      storage: keyComesByFile(bench.unit.recipe) ? 'file' : hello.storage,
      simulated: hello.simulated,
      attestation: attestation.type,
    };
  },
};

/** Greets a unit that starts anew after a program wrote into it, as soon as it answers. Throws what the last try threw. */
export const greetBack = (bench: Bench): Promise<UnitSession> => whenBack(bench, () => greeted(bench));

/** Throws `station.mode` for a simulated unit in production. */
async function greeted(bench: Bench): Promise<UnitSession> {
  const { protocol } = bench.unit.recipe;
  const spoken = bench.shop.protocols[protocol];
  if (!spoken) throw new StationError('recipe.unsupported', { what: `protocol ${protocol}` });
  const session = await bench.greet(spoken, await accessOf(bench));
  if (session.hello.simulated && !bench.shop.practice) {
    throw new StationError('station.mode', { what: 'A simulated unit', mode: 'production' });
  }
  return session;
}

/** How the recipe says that its units are reached; the password is opened for this run alone. */
async function accessOf(bench: Bench): Promise<UnitAccess> {
  const { console: shell, edge, modem } = bench.unit.recipe;
  if (modem) return { modem };
  if (!shell) return {};
  const { password, files, ...rest } = shell;
  return {
    console: {
      ...rest,
      files: files.map(({ mode, ...file }) => ({ ...file, mode: bitsOf(mode) })),
      ...(edge?.x509 ? { certificate: certificatePlacesOf(edge.x509) } : {}),
      ...(password === undefined ? {} : { password: await bench.secret(password) }),
    },
  };
}
