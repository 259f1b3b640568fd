import type { Reporter, TestModule } from 'vitest/node';

/** Closes a test run with its count on a line of its own, and names every test that was skipped. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that does not load, or a suite whose set-up breaks, fails without a failing test: its tests count as skipped.
    const suites = modules.flatMap((module) => [...module.children.allSuites()]);
    const broken = [...modules, ...suites].filter((one) => one.errors().length > 0);
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    const lines = skipped.map((test) => `skipped: ${test.module.relativeModuleId} > ${test.fullName}`);
    const tail = skipped.length > 0 ? `, ${skipped.length} skipped` : '';
    lines.push(`${count('passed')} passed, ${count('failed') + broken.length} failed${tail}`);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
}
