import type { UnitAccess } from '../../../drivers/protocols/protocol.ts';
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
    const { protocol, lock, attestation, delivery, tpm, edge, programmer } = bench.unit.recipe;
    const spoken = bench.shop.protocols[protocol];
    if (!spoken) throw new StationError('recipe.unsupported', { what: `protocol ${protocol}` });
    const access = await accessOf(bench);
    const greeted = () => bench.greet(spoken, access);
    const { hello } = await (programmer ? whenBack(bench, greeted) : greeted());
    if (hello.simulated && !bench.shop.practice) {
      throw new StationError('station.mode', { what: 'A simulated unit', mode: 'production' });
    }
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
