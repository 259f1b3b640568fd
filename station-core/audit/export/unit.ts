import { StationError } from '../../contract/errors.ts';
import { LogKeys, shownHead } from '../report/about.ts';
import { type Birth, BirthFold } from '../report/birth.ts';
import { type BirthCertificate, birthJson } from '../report/birth-json.ts';
import { drawBirth } from '../report/birth-page.ts';
import { certificateBy, recipeBy } from '../report/evidence.ts';
import { type Line, lineOf } from '../report/line.ts';
import { modeOf } from '../report/mode.ts';
import { type Disclosed, writeDisclosures } from './disclosures.ts';
import type { ExportFolder } from './folder.ts';
import type { Format, Material, SealedHead } from './format.ts';
import { EntryLines } from './lines.ts';

/** The birth certificate of one unit: as a page, as data, and with the evidence for every entry behind it. */
export const unit: Format = {
  takes: 'a unit',
  names: true,
  async write(material, folder) {
    const { written, birth, keys, people } = await copyEntries(material, folder);
    refuseAmbiguous(material, birth);
    const proven = provenOf(material, birth);
    const disclosed = disclosedOf(material, birth, people);
    writeDisclosures(folder, disclosed);
    const certificate = certificateOf(material, proven.head, birth, keys, disclosed);
    folder.write('unit.json', birthJson(certificate));
    const file = folder.file('unit.pdf');
    await drawBirth(certificate, (chunk) => file.write(chunk));
    file.end();
    folder.write('unit.tlog-proof', tlogProof(proven));
    return written;
  },
};

type Copied = {
  readonly written: number;
  readonly birth: Birth;
  readonly keys: LogKeys;
  readonly people: ReadonlySet<string>;
};

/** The entries and their proofs go into the folder while they are read. */
async function copyEntries(material: Material, folder: ExportFolder): Promise<Copied> {
  const lines = new EntryLines(material, folder);
  const fold = new BirthFold();
  const keys = new LogKeys();
  const people = new Set<string>();
  let written = 0;
  for await (const page of material.pages()) {
    for (const entry of page) {
      lines.write(entry);
      written++;
      const line = lineOf(entry.seq, entry.members);
      if (!line) continue;
      keys.take(line);
      if (!entry.asked) continue;
      fold.take(line);
      for (const person of peopleIn(line)) people.add(person);
    }
  }
  lines.end();
  return { written, birth: fold.end(), keys, people };
}

const peopleIn = ({ actor, approver }: Line): string[] => [actor, approver].filter((one) => one !== undefined);

/** Throws `unit.ambiguous` where several orders made a unit of this serial, and `export.no-entries` where none did. */
function refuseAmbiguous({ filter, disclosures }: Material, { entries, orders }: Birth): void {
  const serial = disclosures.of(filter.unit ?? '')?.value ?? '(erased)';
  if (entries === 0) throw new StationError('export.no-entries', { serial });
  if (orders.length > 1) throw new StationError('unit.ambiguous', { serial });
}

/** The unit's own values; people only where two people agreed that they are named. In the order of their commitments. */
function disclosedOf({ disclosures, named }: Material, birth: Birth, people: ReadonlySet<string>): Disclosed[] {
  const { serial, registrationId, mac, endorsement } = birth;
  const own = [serial, registrationId, mac, endorsement?.commitment].filter((one) => one !== undefined);
  const found = [...own, ...(named ? people : [])].map((commitment) => disclosures.of(commitment));
  return found.filter((one) => one !== undefined).sort((a, b) => (a.commitment < b.commitment ? -1 : 1));
}

function certificateOf(
  material: Material,
  head: SealedHead,
  birth: Birth,
  keys: LogKeys,
  disclosed: readonly Disclosed[],
): BirthCertificate {
  const { db, station, origin, madeAt } = material;
  const { credential, recipe } = birth;
  const certified = credential?.kind === 'x509' ? credential.sha256 : undefined;
  return {
    station,
    origin,
    madeAt,
    birth,
    mode: modeOf(db),
    recipe: recipe === undefined ? undefined : recipeBy(db, recipe),
    certificate: certified === undefined ? undefined : certificateBy(db, certified),
    head: shownHead(head, keys),
    clear: new Map(disclosed.map(({ commitment, value }) => [commitment, value])),
  };
}

type Proven = { readonly head: SealedHead; readonly index: number; readonly hashes: readonly string[] };

/** Throws `audit.unsigned` where no head covers the entry that says what came of the unit: a certificate that proves nothing is none. */
function provenOf({ head, proof }: Material, { verdict }: Birth): Proven {
  const hashes = verdict && proof(verdict.seq);
  if (!head || !verdict || !hashes) throw new StationError('audit.unsigned');
  return { head, index: verdict.seq, hashes };
}

/** C2SP tlog-proof: whose place it is, the path to the root, and the checkpoint as it is. */
const tlogProof = ({ head, index, hashes }: Proven): string =>
  ['c2sp.org/tlog-proof@v1', `index ${index}`, ...hashes, '', head.note].join('\n');
