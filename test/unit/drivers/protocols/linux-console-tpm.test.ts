import { consoleTpmBench } from '../../../suites/linux-console-bench.ts';
import { shells } from '../../../suites/linux-unit.ts';
import { unitTpmSuite } from '../../../suites/unit-tpm.suite.ts';

for (const shell of shells) {
  unitTpmSuite(`a TPM over the console of a unit with ${shell}`, () =>
    consoleTpmBench(shell, { certificates: shell === 'bash' }),
  );
}
