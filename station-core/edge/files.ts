import { base64 } from '../base64.ts';
import { type EdgePlan, keyIsInline, pathOfUri, placeOf } from '../contract/edge.ts';
import { bitsOf } from '../contract/unit-file.ts';
import type { Around, AttestationType, Whereabouts } from './settings.ts';
import { toml } from './toml.ts';
import { yaml } from './yaml.ts';

/** A whole file for a unit. */
export type EdgeFile = { readonly path: string; readonly mode: number; readonly bytes: Buffer };

/** A file that holds a key, and where in it: raw bytes, or base64. Whoever asked for it zeroes `bytes`. */
export type KeyFile = EdgeFile & {
  readonly key: { readonly offset: number; readonly length: number; readonly encoding: 'raw' | 'base64' };
};

/** Certificates are public, and IoT Edge reads them as another user than the one that may read keys. */
const chainMode = 0o644;
const keyMode = 0o600;

/** What IoT Edge reads, where it holds no key. Pure; the same values give the same bytes. */
export function configFile(plan: EdgePlan, attestation: AttestationType, values: Whereabouts): EdgeFile {
  if (keyIsInline({ edge: plan })) throw new TypeError('a file with a key in it needs the key');
  const { before } = around(plan, attestation, values);
  return { ...whereOf(plan), bytes: Buffer.from(before, 'latin1') };
}

/** The file that holds the unit's symmetric key: what IoT Edge reads, or the raw key at the URI that this names. */
export function keyFile(plan: EdgePlan, values: Whereabouts, key: Buffer): KeyFile {
  if (typeof plan.symmetricKey === 'object') {
    const path = pathOfUri(plan.symmetricKey.uri);
    const whole = { offset: 0, length: key.length, encoding: 'raw' } as const;
    return { path, mode: keyMode, bytes: Buffer.from(key), key: whole };
  }
  const { before, after = '' } = around(plan, 'symmetricKey', values);
  const text = base64(key);
  const [head, tail] = [Buffer.from(before, 'latin1'), Buffer.from(after, 'latin1')];
  const bytes = Buffer.concat([head, text, tail]);
  text.fill(0);
  return { ...whereOf(plan), bytes, key: { offset: head.length, length: text.length, encoding: 'base64' } };
}

/** The certificate chain at the path that the plan names, PEM with the leaf first. */
export const chainFile = (plan: EdgePlan, chain: Buffer): EdgeFile | undefined =>
  plan.x509 && { path: pathOfUri(plan.x509.certificate), mode: chainMode, bytes: chain };

function around(plan: EdgePlan, attestation: AttestationType, values: Whereabouts): Around {
  switch (plan.format) {
    case 'toml':
      return toml({ ...values, plan, attestation });
    case 'yaml':
      return yaml({ ...values, plan, attestation });
  }
}

function whereOf(plan: EdgePlan): Pick<EdgeFile, 'path' | 'mode'> {
  const { path, mode } = placeOf(plan);
  return { path, mode: bitsOf(mode) };
}
