import { createHash } from 'node:crypto';
import { derOrPem } from '../drivers/asn1/pem.ts';
import { brokenKeyRule, keyObjectOf, readPublicArea } from '../drivers/tpm/public.ts';
import { isPublicSampleKey } from '../drivers/tpm/public-samples.ts';
import { registrationIds } from '../drivers/tpm/registration-id.ts';
import { attestationOf } from './attestation/registry.ts';
import { isoTime } from './clock.ts';
import type { Method, Params } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Recipe } from './contract/recipe.ts';
import { checkId } from './contract/registration-id.ts';
import { fill, fillsFromEk } from './contract/template.ts';
import type { ImportedEkList } from './contract/tpm.ts';
import type { Handlers } from './handlers.ts';
import { type ListedKey, readEkFile } from './orders/ek-file.ts';
import { type By, people } from './person.ts';
import type { Station } from './station.ts';
import { noteBacklog } from './store/records.ts';

type TpmMethod = Extract<Method, `tpm.${string}`>;

/** The calls about lists of endorsement keys that came from TPM makers (F-102; dps-reference 13.3, step 1). */
export function tpmHandlers(station: Station): Pick<Handlers, TpmMethod> {
  return {
    'tpm.importList': (params, by) => importList(station, params, by),
    'tpm.lists': async () => station.records.endorsements.lists(),
  };
}

type Key = {
  readonly place: string;
  readonly public: Buffer;
  readonly sha256: Buffer;
  readonly certificate: Buffer | null;
  readonly registrationId?: string;
};

/** Whole or not at all: every key read, none known, rows and the audit entry in one transaction, with what the cloud is told. */
async function importList(station: Station, params: Params<'tpm.importList'>, by: By): Promise<ImportedEkList> {
  const { list, name, text, recipe } = params;
  if (recipe && station.row.mode === 'production') station.orders.requireApproved(recipe);
  const keys = readEkFile(text, name).map((listed) => readKey(listed, recipe));
  refuseTwins(keys);
  const { records, audit, operators, parts } = station;
  const enrolled = await records.commits.commit(() => {
    const at = isoTime(parts.clock);
    for (const key of keys) insert(station, list, key, at);
    const queued = recipe ? keys.filter((key) => queue(station, recipe, key)).length : 0;
    const sha256 = createHash('sha256').update(text, 'utf8').digest('hex');
    const details = { list, keys: keys.length, enrolled: queued, sha256 };
    audit.append({ action: 'endorsement.listed', result: 'ok', ...people(operators, by), details });
    if (queued > 0) noteBacklog(records, at);
    return queued;
  });
  station.pump.wake();
  return { list, keys: keys.length, enrolled };
}

const invalid = (place: string, expected: string, found: string): StationError =>
  new StationError('input.invalid', { place, expected, found });

/** Base64 as it must be: what Buffer would pass over is refused (F-93: the documents' damaged keys are). */
function bytesOf(text: string, place: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') === text.replace(/=+$/, '')) return bytes;
  throw invalid(place, 'base64', 'something else');
}

function readKey(listed: ListedKey, recipe: Recipe | undefined): Key {
  const place = `${listed.place}, endorsementKey`;
  const area = readPublicArea(bytesOf(listed.endorsementKey, place), place);
  keyObjectOf(area.key, place);
  const sha256 = createHash('sha256').update(area.sized).digest();
  if (isPublicSampleKey(sha256)) throw invalid(place, 'a key that no public document prints', 'one that is printed');
  const rule = brokenKeyRule(area);
  if (rule) throw invalid(place, 'an endorsement key', `a key of which ${rule}`);
  const registrationId = idOf(listed, area.sized, recipe);
  return {
    place,
    public: area.sized,
    sha256,
    certificate: listed.certificate === undefined ? null : certificateOf(listed.certificate, listed.place),
    ...(registrationId === undefined ? {} : { registrationId }),
  };
}

function certificateOf(text: string, line: string): Buffer {
  const place = `${line}, certificate`;
  const bytes = text.startsWith('-----') ? Buffer.from(text, 'latin1') : bytesOf(text, place);
  return derOrPem(bytes, 'CERTIFICATE', place);
}

/** As what the cloud is to know it: as the list says, or as the recipe's template makes of the key alone. */
function idOf({ place, registrationId }: ListedKey, key: Buffer, recipe: Recipe | undefined): string | undefined {
  try {
    if (registrationId !== undefined) return checkId(registrationId.toLowerCase());
    if (!recipe || !fillsFromEk(recipe.registrationId)) return undefined;
    const ek = { ekSdk: registrationIds.sdk(key), ekSha256: registrationIds['sha256-hex'](key) };
    return checkId(fill(recipe.registrationId, { serial: '', mac: null, facts: {}, ek }).toLowerCase());
  } catch (thrown) {
    if (!(thrown instanceof StationError) || thrown.code !== 'identity.invalid') throw thrown;
    throw invalid(`${place}, registrationId`, 'a registration ID', String(thrown.details.rule));
  }
}

function refuseTwins(keys: readonly Key[]): void {
  const seen = new Map<string, string>();
  for (const { place, sha256, registrationId } of keys) {
    for (const one of [
      `key ${sha256.toString('hex')}`,
      ...(registrationId === undefined ? [] : [`ID ${registrationId}`]),
    ]) {
      const first = seen.get(one);
      if (first !== undefined) throw invalid(place, 'a key and an ID that are there once', `those of ${first}`);
      seen.set(one, place);
    }
  }
}

/** Inside a commit. A key that a unit showed before, or another list has, is refused: whose it is must be said by a person. */
function insert({ records }: Station, list: string, key: Key, addedAt: string): void {
  const { endorsements, disclosures, units } = records;
  const known = endorsements.bySha256(key.sha256);
  if (known) throw invalid(key.place, 'a key that is nowhere else', known.list ? `one of ${known.list}` : "a unit's");
  let registration: number | null = null;
  if (key.registrationId !== undefined) {
    registration = disclosures.put('registrationId', key.registrationId).id;
    const taken = units.registrationTaken(registration) || endorsements.ofRegistration(key.registrationId);
    if (taken) throw invalid(key.place, 'a registration ID that is nobody’s', 'one that is taken');
  }
  const { sha256, certificate } = key;
  endorsements.insert({
    sha256,
    public: key.public,
    certificate,
    list,
    registration,
    unit: null,
    addedAt,
    seenAt: null,
  });
}

/** Inside a commit: enrolled before its unit was ever seen. The unit's own row finds the entry there, and the same. */
function queue({ records, parts }: Station, recipe: Recipe, { place, registrationId }: Key): boolean {
  if (registrationId === undefined) {
    throw invalid(place, 'a registration ID, in the list or by the recipe’s template of the key alone', 'none');
  }
  const identity = { registrationId, serial: '', mac: null, facts: {} };
  const upload = attestationOf(recipe).ofUnit(recipe, identity);
  if (!upload || recipe.attestation.type !== 'tpm') throw invalid('recipe', 'attestation tpm', recipe.attestation.type);
  const { credential: _, ...row } = upload;
  records.outbox.queue({ ...row, target: recipe.target, credential: null, dueMs: parts.clock.now() });
  return true;
}
