// A station that does nothing but hold an HSM open, to be killed by a test.
import { Pkcs11Hsm } from '../../drivers/hsm/pkcs11.ts';

const { MODULE = '', TOKEN = '', PIN = '' } = process.env;
const hsm = await Pkcs11Hsm.open({ module: MODULE, tokenLabel: TOKEN, pin: Buffer.from(PIN) });
process.send?.(hsm.hostPid);
