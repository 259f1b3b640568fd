import { canonical, type Json } from '../../contract/canonical.ts';
import type { ShownHead } from './about.ts';
import type { Birth } from './birth.ts';
import type { CertificateSaid, RecipeSaid } from './evidence.ts';

/** What a birth certificate is made from. */
export type BirthCertificate = {
  readonly station: string;
  readonly mode: string | undefined;
  readonly origin: string;
  readonly madeAt: string;
  readonly birth: Birth;
  readonly recipe: RecipeSaid | undefined;
  readonly certificate: CertificateSaid | undefined;
  readonly head: ShownHead;
  /** Clear values by commitment: of the unit always, of people only where two people agreed. */
  readonly clear: ReadonlyMap<string, string>;
};

/** unit.json (README.md, Birth certificate): RFC 8785 bytes and a line feed. What is not known has no member. */
export function birthJson(about: BirthCertificate): string {
  const { station, mode, origin, madeAt, birth, recipe, certificate, head } = about;
  const { serial, registrationId, mac, endorsement, credential, upload, verdict } = birth;
  const named = (commitment: string | undefined) => disclosed(about, commitment);
  const json = {
    v: 1,
    station,
    mode,
    origin,
    madeAt,
    unit: { serial: named(serial), registrationId: named(registrationId), mac: named(mac) },
    order: birth.orders.at(-1),
    recipe: birth.recipe === undefined ? undefined : { sha256: birth.recipe, ...recipe },
    outcome: birth.runs.find(({ closed }) => closed && closed.seq === verdict?.seq)?.outcome,
    entry: verdict?.seq,
    runs: birth.runs.map(({ actor, ...run }) => ({ ...run, actor: named(actor) })),
    credential,
    issuer: birth.issuer,
    certificate,
    endorsementKey: endorsement && { ...endorsement, ...disclosed(about, endorsement.commitment) },
    upload,
    after: birth.after,
    keys: birth.keys,
    hsms: birth.hsms,
    software: birth.software,
    configs: birth.configs,
    checkpoint: { origin: head.origin, size: head.size, root: head.root },
  };
  return `${canonical(json as unknown as Json)}\n`;
}

function disclosed({ clear }: BirthCertificate, commitment: string | undefined) {
  if (commitment === undefined) return undefined;
  const value = clear.get(commitment);
  return value === undefined ? { commitment } : { commitment, value };
}
