import { isoTime } from './clock.ts';
import type { Method } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import type { Handlers } from './handlers.ts';
import { people } from './person.ts';
import type { Station } from './station.ts';

type SecretMethod = Extract<Method, `secret.${string}`>;

/** The label under which secrets that recipes name are sealed. */
const namedLabel = 'named-secret';
/** Longest secret: a password of a console, an authorisation of a TPM's hierarchy (at most a digest). */
const longest = 256;

const boundTo = (name: string): Buffer => Buffer.from(name, 'utf8');

/** The calls about secrets that recipes name: passwords of consoles, authorisations of TPMs. */
export function secretHandlers(station: Station): Pick<Handlers, SecretMethod> {
  const { records, audit, operators, parts, keys, hsmSerial } = station;
  return {
    'secret.set': async ({ name }, by) => {
      const { secret } = by;
      if (!secret || secret.length === 0 || secret.length > longest) {
        const found = secret ? `${secret.length} bytes` : 'none';
        throw new StationError('input.invalid', {
          place: 'secret.set',
          expected: `1 to ${longest} bytes beside the call`,
          found,
        });
      }
      const sealed = await parts.hsm.seal(keys.sealing, namedLabel, secret, boundTo(name));
      const { label, checkValue } = keys.sealing;
      const key = { label, checkValue, hsm: hsmSerial };
      await records.commits.commit(() => {
        const details = { name, again: records.secrets.of(name) !== undefined };
        records.secrets.put(name, sealed, isoTime(parts.clock));
        audit.append({ action: 'secret.set', result: 'ok', ...people(operators, by), key, details });
      });
      return { name };
    },
    'secret.list': async () => records.secrets.list(),
  };
}

/** A secret that a recipe names, opened; the caller zeroes it. Throws `secret.unknown`, and what the HSM throws. */
export async function openSecret({ records, parts, keys }: Station, name: string): Promise<Buffer> {
  const sealed = records.secrets.of(name);
  if (!sealed) throw new StationError('secret.unknown', { name });
  return parts.hsm.unseal(keys.sealing, namedLabel, sealed, boundTo(name));
}
