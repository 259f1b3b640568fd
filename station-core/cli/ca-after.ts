import { derOrPem } from '../../drivers/asn1/pem.ts';
import type { Params } from '../contract/api.ts';
import type { IssuerView, RevocationReason } from '../contract/ca.ts';
import { StationError } from '../contract/errors.ts';
import { writeNew } from './ca-files.ts';
import { atStation, type CaOptions, callAgreed, callAs } from './ca-people.ts';
import { certificateText, issuerText, shell } from './ca-text.ts';
import { readBytes } from './recipe-file.ts';
import { ask, mayAsk, note, printJson } from './terminal.ts';

// What comes after issuing: renewal, revocation, lists, exports, and the end of an issuer.

/** `birthmark ca renew`: the new chain as a file, leaf first. */
export async function caRenew(certificate: number, options: CaOptions & { out: string }): Promise<number> {
  return atStation(options, 'ca renew', async (opened) => {
    const renew = () => callAgreed(opened, options, 'ca.renew', { certificate });
    const renewed = await writeNew([options.out], renew, ({ chain }) => [chain]);
    if (options.json) printJson({ schema: 1, certificate: renewed.certificate, file: options.out });
    else process.stdout.write(`${certificateText(renewed.certificate)}  chain         ${options.out}\n`);
    note('The old certificate stays good until it expires or is revoked.');
    return 0;
  });
}

export type ModuleOptions = CaOptions & { readonly module: string; readonly csr: string; readonly out: string };

/** `birthmark ca module`: the certificate of a unit's module, CN=<deviceid>/<moduleid> (F-12), as a chain. */
export async function caModule(registrationId: string, options: ModuleOptions): Promise<number> {
  const { module, out, json } = options;
  const csr = derOrPem(readBytes(options.csr), ['CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'], options.csr);
  return atStation(options, 'ca module', async (opened) => {
    const params = { registrationId, module, csr: csr.toString('base64') };
    const issue = () => callAs(opened, 'lead', options, 'ca.module', params);
    const { certificate } = await writeNew([out], issue, ({ chain }) => [chain]);
    if (json) printJson({ schema: 1, certificate, file: out });
    else process.stdout.write(`${certificateText(certificate)}  chain         ${out}\n`);
    return 0;
  });
}

/** `birthmark clock confirm`: two people read the time from a watch that they trust. */
export async function clockConfirm(at: string, options: CaOptions): Promise<number> {
  const roles = { first: 'lead', second: 'security-officer' } as const;
  return atStation(options, 'clock confirm', async (opened) => {
    const confirmed = await callAgreed(opened, options, 'clock.confirm', { at }, roles);
    if (options.json) printJson({ schema: 1, ...confirmed });
    else process.stdout.write(`The clock is right: ${confirmed.at}. The latest record is of ${confirmed.before}.\n`);
    return 0;
  });
}

export type ReasonOptions = CaOptions & { readonly reason: RevocationReason };

/** `birthmark ca revoke`: one certificate. */
export async function caRevoke(certificate: number, options: ReasonOptions): Promise<number> {
  const { reason } = options;
  return atStation(options, 'ca revoke', async (opened) => {
    const revoked = await callAgreed(opened, options, 'ca.revoke', { certificate, reason });
    if (options.json) printJson({ schema: 1, certificate: revoked });
    else process.stdout.write(certificateText(revoked));
    note(
      `DPS reads no CRL: disable the unit's enrollment there too. Next: birthmark ca crl ${revoked.issuer} --out FILE`,
    );
    return 0;
  });
}

/** `birthmark units scrap`: a unit that is thrown away. */
export async function unitsScrap(
  serial: string,
  options: ReasonOptions & { order?: string | undefined },
): Promise<number> {
  const { order, reason, json } = options;
  const roles = { first: 'lead', second: 'security-officer' } as const;
  return atStation(options, 'units scrap', async (opened) => {
    const params = { serial, reason, ...(order === undefined ? {} : { order }) };
    await callAgreed(opened, options, 'unit.scrap', params, roles);
    if (json) printJson({ schema: 1, serial, scrapped: true });
    else process.stdout.write(`${serial} is scrapped: its certificates are revoked, and it is never made again.\n`);
    note('Its cloud entry is disabled as soon as the cloud is reached: birthmark sync run');
    return 0;
  });
}

/** `birthmark ca crl`: the list of what this issuer revoked, or the newest one that was signed once more. */
export async function caCrl(
  name: string,
  options: CaOptions & { out: string; days: number; last: boolean },
): Promise<number> {
  const { out, days, last } = options;
  return atStation(options, 'ca crl', async (opened) => {
    const get = () =>
      last
        ? callAs(opened, 'security-officer', options, 'ca.lastCrl', { name })
        : callAs(opened, 'security-officer', options, 'ca.crl', { name, days });
    const { number } = await writeNew([out], get, ({ crl }) => [crl]);
    if (options.json) printJson({ schema: 1, name, number, file: out });
    else process.stdout.write(`CRL ${number} of ${name}${last ? '' : `, good for ${days} days`}: ${out}\n`);
    note(`To publish it as DER (RFC 5280 section 4.2.1.13): openssl crl -in ${shell(out)} -outform DER -out FILE`);
    return 0;
  });
}

export type ExportOptions = CaOptions & { readonly format: Params<'ca.export'>['format']; readonly out: string };

/** `birthmark ca export`: every certificate of an issuer. */
export async function caExport(name: string, options: ExportOptions): Promise<number> {
  const { format, out, json } = options;
  return atStation(options, 'ca export', async (opened) => {
    const get = () => callAgreed(opened, options, 'ca.export', { name, format });
    // A renewed certificate has the subject of the one before it, which openssl ca takes only when FILE.attr says so.
    const paths = format === 'index' ? [out, `${out}.attr`] : [out];
    const { rows } = await writeNew(paths, get, ({ text }) => [text, 'unique_subject = no\n']);
    if (json) printJson({ schema: 1, name, format, rows, files: paths });
    else process.stdout.write(`${rows} certificate${rows === 1 ? '' : 's'} of ${name}: ${paths.join(', ')}\n`);
    note('It names units: keep it as you keep personal data.');
    return 0;
  });
}

/** `birthmark ca quota`: how many certificates it may issue in all; null for any number. */
export const caQuota = (name: string, quota: number | null, options: CaOptions): Promise<number> =>
  changed('ca quota', options, { method: 'ca.quota', params: { name, quota } });

/** `birthmark ca retire`: from now on it signs CRLs alone. */
export const caRetire = (name: string, options: CaOptions): Promise<number> =>
  changed('ca retire', options, { method: 'ca.retire', params: { name } });

type Change =
  | { readonly method: 'ca.quota'; readonly params: Params<'ca.quota'> }
  | { readonly method: 'ca.retire'; readonly params: Params<'ca.retire'> };

async function changed(command: string, options: CaOptions, { method, params }: Change): Promise<number> {
  return atStation(options, command, async (opened) => {
    const view: IssuerView = await callAgreed(opened, options, method, params);
    if (options.json) printJson({ schema: 1, ...view });
    else process.stdout.write(issuerText(view));
    return 0;
  });
}

export type DestroyOptions = CaOptions & { readonly crl: string; readonly confirm?: string | undefined };

/** `birthmark ca destroy`: the final CRL as a file, then the key is gone. */
export async function caDestroy(name: string, options: DestroyOptions): Promise<number> {
  const typed = options.confirm ?? (await askName(name));
  if (typed !== name) {
    throw new StationError('input.invalid', {
      place: '--confirm',
      expected: `${name}, once more`,
      found: typed ?? 'nothing',
    });
  }
  const { crl: file, json } = options;
  return atStation(options, 'ca destroy', async (opened) => {
    const destroy = () => callAgreed(opened, options, 'ca.destroy', { name });
    // An issuer that never got a certificate signed nothing, so there is no CRL and no file.
    const certified = opened.station.records.issuers.byName(name).state !== 'waiting';
    const done = certified ? await writeNew([file], destroy, ({ crl = '' }) => [crl]) : await destroy();
    if (json) printJson({ schema: 1, name, ...(certified ? { number: done.number, file } : {}) });
    else if (certified)
      process.stdout.write(`The key of ${name} is destroyed. Its final CRL, ${done.number}: ${file}\n`);
    else process.stdout.write(`The key of ${name} is destroyed. It never had a certificate, so there is no CRL.\n`);
    if (certified) note('Keep the final CRL where verifiers find it until the last certificate has expired.');
    return 0;
  });
}

/** Nobody destroys a key by a slip: the name is typed once more where there is somebody to type it. */
async function askName(name: string): Promise<string | undefined> {
  if (!mayAsk()) return undefined;
  note(`This destroys the key of ${name} in the HSM. No certificate can be issued with it ever again.`);
  return ask('Type its name once more');
}
