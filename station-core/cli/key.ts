import { createHmac } from 'node:crypto';
import { parseGroupKey } from '../../drivers/hsm/group-key.ts';
import { checkId } from '../contract/registration-id.ts';
import { askSecret, note } from './terminal.ts';

/**
 * `birthmark key derive`: the derived device key of a registration ID, base64 (symmetric key attestation). No station folder and
 * no HSM is involved. The ID is folded to lower case, as everywhere; it says so when that changed it.
 */
export async function deriveKey(registrationId: string): Promise<number> {
  const id = checkId(registrationId).toLowerCase();
  if (id !== registrationId) note(`The registration ID was folded to lower case: ${id}`);
  const text = await askSecret('group key in base64');
  const key = parseGroupKey(text.toString('latin1'));
  text.fill(0);
  try {
    process.stdout.write(`${createHmac('sha256', key).update(id, 'utf8').digest('base64')}\n`);
  } finally {
    key.fill(0);
  }
  return 0;
}
