// The process that asks a PKCS#11 module which tokens it has, and ends: it is forked by pkcs11-slots.ts, which ends it when the
// module hangs. Nobody logs in here.

import { StationError } from '../../station-core/contract/errors.ts';
import { ckrName, ckrOf } from './ckr.ts';
import { CKF } from './cryptoki.ts';
import type { SlotsAnswer } from './pkcs11-slots.ts';
import { loadModule, seen } from './pkcs11-token.ts';

process.once('message', ({ module }: { readonly module: string }) => {
  process.send?.(answer(module), undefined, undefined, () => process.exit());
});
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

function answer(path: string): SlotsAnswer {
  try {
    const module = loadModule(path);
    module.C_Initialize({ flags: CKF.OS_LOCKING_OK });
    return { tokens: module.C_GetSlotList(true).map((slot) => seen(module.C_GetTokenInfo(slot))) };
  } catch (thrown) {
    return { problem: why(thrown) };
  }
}

/** The text of an unforeseen error stays here; its class may be told. */
function why(thrown: unknown): string {
  if (thrown instanceof StationError) return String(thrown.details.what ?? thrown.code).slice(0, 200);
  const code = ckrOf(thrown);
  if (code !== undefined) return ckrName(code);
  return thrown instanceof Error ? thrown.name : typeof thrown;
}
