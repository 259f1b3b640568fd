import type { KeyRow } from './audit/heads.ts';
import { beginOrigin, rotateKey } from './audit-keys.ts';
import { keyHash } from './ca/issuer.ts';
import type { Method } from './contract/api.ts';
import type { Handlers } from './handlers.ts';
import type { Station } from './station.ts';

type AuditKeyMethod = Extract<Method, 'audit.rotateKey' | 'audit.beginOrigin'>;

/** The calls about the keys of the audit log. */
export function auditKeyHandlers(station: Station): Pick<Handlers, AuditKeyMethod> {
  return {
    'audit.rotateKey': async (_, by) => {
      const key = await rotateKey(station, by);
      return { n: key.n, fingerprint: fingerprintOf(key) };
    },
    'audit.beginOrigin': async (_, by) => {
      // What an anchor knows is reconciled with (audit.reconcile), and not passed over by calling the key lost.
      if (station.stop.error()?.code !== 'audit.damaged') station.stop.refuse();
      const last = station.heads.newest();
      const old = station.heads.newestKey();
      const quotes =
        last && old ? { origin: old.origin, size: last.size, root: last.root.toString('base64') } : undefined;
      const key = await beginOrigin(station, 'key-lost', quotes, by);
      return { n: key.n, origin: key.origin, fingerprint: fingerprintOf(key) };
    },
  };
}

/** SHA-256 of the P-256 key's SubjectPublicKeyInfo in hex, as records of ceremonies have it. */
const fingerprintOf = ({ publicKey }: KeyRow): string => keyHash(Buffer.from(publicKey, 'base64')).toString('hex');
