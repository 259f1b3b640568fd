import { hurriedModem, impatientModem, modemAccess, startModem } from '../../../suites/modem-bench.ts';
import { requestProofSuite } from '../../../suites/protocol-request.suite.ts';

const under = { protocol: hurriedModem, impatient: impatientModem, access: { modem: modemAccess } };

requestProofSuite('at-modem through serialport over a pty', under, () => startModem());
requestProofSuite('at-modem with a module that speaks unasked and is active', under, () =>
  startModem({ unasked: true, mode: 1 }),
);
