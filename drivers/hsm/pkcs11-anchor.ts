import type { Handle } from 'pkcs11js';
import { CKA, CKO } from './cryptoki.ts';
import { findObjects, type In, readSure } from './pkcs11-objects.ts';

// The anchor is a public data object (PKCS#11 v2.40 section 4.5). Not every token lets a value be changed, so the new one is
// made before the old one goes; its number stands in CKA_APPLICATION, and the highest counts after a crash between the two.

type Anchor = { readonly handle: Handle; readonly number: number };

const application = 'birthmark anchor ';

/** The newest anchor of this label, or none. */
export function readAnchor(at: In, label: string): Buffer | undefined {
  const newest = anchors(at, label)[0];
  return newest && readSure(at, newest.handle, CKA.VALUE);
}

/** Writes a newer anchor and removes the older ones. */
export function writeAnchor(at: In, label: string, bytes: Buffer): void {
  const old = anchors(at, label);
  at.module.C_CreateObject(at.session, [
    { type: CKA.CLASS, value: CKO.DATA },
    { type: CKA.TOKEN, value: true },
    { type: CKA.PRIVATE, value: false },
    { type: CKA.LABEL, value: label },
    { type: CKA.APPLICATION, value: `${application}${(old[0]?.number ?? 0) + 1}` },
    { type: CKA.VALUE, value: bytes },
  ]);
  for (const { handle } of old) at.module.C_DestroyObject(at.session, handle);
}

/** Newest first. Data objects of others under the same label are none of ours. */
function anchors(at: In, label: string): Anchor[] {
  const found = findObjects(at, [
    { type: CKA.CLASS, value: CKO.DATA },
    { type: CKA.LABEL, value: label },
  ]);
  return found
    .map((handle) => ({ handle, number: numberOf(readSure(at, handle, CKA.APPLICATION)) }))
    .filter(({ number }) => number > 0)
    .toSorted((a, b) => b.number - a.number);
}

function numberOf(text: Buffer): number {
  const value = text.toString('latin1');
  return value.startsWith(application) ? Number.parseInt(value.slice(application.length), 10) || 0 : 0;
}
