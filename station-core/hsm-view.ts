import { basename } from 'node:path';
import type { HsmStatus } from '../drivers/hsm/hsm.ts';
import type { HsmView } from './contract/record.ts';
import type { Station } from './station.ts';

/** The state of the station's HSM, as people see it. */
export const viewHsm = async ({ parts }: Pick<Station, 'parts'>): Promise<HsmView> =>
  hsmViewOf(await parts.hsm.status());

/** What people see of an HSM: of the module's file its name, not the folder that it lies in. */
export function hsmViewOf({ module, ...status }: HsmStatus): HsmView {
  return { ...status, module: { name: basename(module.path), sha256: module.sha256 } };
}
