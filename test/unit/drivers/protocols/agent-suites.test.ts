// The agent in C on this computer, with sanitizers, through the whole contract of uart-v1.
import { describe } from 'vitest';
import { createUartV1, uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { ordinaryPatience } from '../../../../drivers/protocols/uart-v1-asking.ts';
import { agentBench, overPty, overSocket } from '../../../suites/agent.ts';
import { canBuildAgent, hostAgentsAreBuilt, needsCompiler } from '../../../suites/agent-build.ts';
import { protocolSuite } from '../../../suites/protocol.suite.ts';
import { deliveriesSuite } from '../../../suites/protocol-deliveries.suite.ts';
import { x509Suite } from '../../../suites/protocol-x509.suite.ts';

const impatient = createUartV1({ ...ordinaryPatience, hello: { ms: 20, sendings: 2 } });
const under = { protocol: uartV1, impatient };

await hostAgentsAreBuilt();

describe.skipIf(!canBuildAgent)(`the agent in C${needsCompiler}`, () => {
  protocolSuite('over a local socket', under, agentBench(overSocket));
  protocolSuite('through serialport over a pty', under, agentBench(overPty));
  x509Suite('with X.509 through serialport over a pty', uartV1, agentBench(overPty));
  deliveriesSuite('with encrypted deliveries through serialport over a pty', uartV1, agentBench(overPty));
});
