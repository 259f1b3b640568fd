import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { Method, Operation, Params, Result } from './contract/api.ts';
import type { Role } from './contract/record.ts';
import type { EmulatorReady } from './open-parts.ts';
import { actor } from './practice.ts';
import type { Station } from './station.ts';

// The practice line's intermediate CA: the ceremony, the root's owner and the portal, done by the ready-made people
// through the same calls as on a real line.

/** Uploads a CA certificate to DPS and proves possession, as its owner does in the portal (F-73). */
export type CaUpload = (name: string, pem: string, prove: (code: string) => Promise<string>) => Promise<void>;

const caName = 'practice-ca';

/** The name of the practice line's intermediate and its pinned key; made at the first use. */
export async function practiceCa(station: Station): Promise<{ readonly name: string; readonly publicKey: string }> {
  const known = station.records.issuers.all().find(({ name, state }) => name === caName && state === 'active');
  if (!known) await makeCa(station);
  const issuers = await station.call('ca.list', {}, { actor: actor(station, 'security-officer') });
  const made = issuers.find(({ name }) => name === caName);
  if (!made) throw new TypeError('the practice CA was not made');
  return { name: made.name, publicKey: made.publicKey };
}

/** Goes on where a practice that was interrupted left off. */
async function makeCa(station: Station): Promise<void> {
  const { issuers } = station.records;
  if (!issuers.has(caName)) {
    const subject = { CN: `Birthmark Practice CA ${station.row.origin.slice(-8)}`, O: 'Practice' };
    await withSecond(station, 'ca.begin', { name: caName, algorithm: 'p256', subject });
  }
  await station.call('ca.witness', { name: caName }, { actor: actor(station, 'auditor') });
  const { chain } = await withSecond(station, 'ca.practiceSign', { name: caName });
  const { uploadCa } = station.parts;
  const { chain: pem } = await withSecond(station, 'ca.import', { name: caName, chain });
  const [intermediate] = pem.match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n/) ?? [];
  if (!uploadCa || !intermediate) return;
  await uploadCa(caName, intermediate, async (code) => {
    const { certificate } = await withSecond(station, 'ca.verify', { name: caName, code });
    return certificate;
  });
}

/** A call of the security officer that a lead approves. */
async function withSecond<M extends Method>(station: Station, method: M, params: Params<M>): Promise<Result<M>> {
  const operation = { method, params: params as Operation['params'] };
  const as = (role: Role) => ({ actor: actor(station, role) });
  const { approval } = await station.call('approvals.approve', operation, as('lead'));
  return station.call(method, params, { ...as('security-officer'), approval });
}

/** What the owner of the practice line's DPS has in the portal. */
export type Portal = Pick<EmulatorReady, 'port' | 'serviceHost' | 'certificatesPath'> & {
  readonly ca: string;
  readonly adminToken: string;
};

export const portalOf = (ready: EmulatorReady): Portal => ({
  ...ready,
  ca: readFileSync(ready.caFile, 'utf8'),
  adminToken: readFileSync(ready.adminTokenFile, 'utf8'),
});

/** The portal's way: upload, ask for a code, prove with a certificate whose CN is the code (dps-reference 2.17). */
export function uploadBy(portal: Portal): CaUpload {
  return async (name, pem, prove) => {
    const path = `${portal.certificatesPath}/${name}`;
    // `*`: an upload that was interrupted may have left it there (If-Match is ignored where there is none).
    let shown = await ask(portal, 'PUT', path, { certificate: Buffer.from(pem).toString('base64') }, '*');
    shown = await ask(portal, 'POST', `${path}/generateVerificationCode`, undefined, shown.etag);
    const certificate = await prove(String(shown.properties.verificationCode));
    const proof = { certificate: Buffer.from(certificate).toString('base64') };
    const { properties } = await ask(portal, 'POST', `${path}/verify`, proof, shown.etag);
    if (properties.isVerified !== true) throw new Error('the practice DPS did not verify the CA');
  };
}

type Shown = { readonly etag: string; readonly properties: { readonly [name: string]: unknown } };

function ask(portal: Portal, method: string, path: string, body?: object, etag?: string): Promise<Shown> {
  const { port, serviceHost, ca, adminToken } = portal;
  const headers = {
    host: serviceHost,
    authorization: `Bearer ${adminToken.trim()}`,
    'content-type': 'application/json',
    ...(etag === undefined ? {} : { 'if-match': etag }),
  };
  const target = `${path}?api-version=2022-02-05`;
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, servername: serviceHost, ca, method, path: target, headers });
    asked.once('error', reject);
    asked.once('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.once('error', reject);
      answer.once('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (answer.statusCode === 200 || answer.statusCode === 201) resolve(JSON.parse(text) as Shown);
        else reject(new Error(`the practice DPS answered ${answer.statusCode} to ${method} ${path}: ${text}`));
      });
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
