import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Patience } from '../../../../drivers/protocols/exchange.ts';
import { uartV1 } from '../../../../drivers/protocols/uart-v1.ts';
import { ordinaryPatience } from '../../../../drivers/protocols/uart-v1-asking.ts';
import { CuttableFlash, loopUnit } from '../../../suites/loop.ts';
import { refusal } from '../../../suites/protocol.suite.ts';
import { ScriptedLink } from '../../../suites/scripted-link.ts';

const never = new AbortController().signal;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a unit that answers nothing is silent after eight sendings and 2.4 s', async () => {
  const link = new ScriptedLink(() => []);
  const silent = refusal(uartV1.open(link, never), 'unit.silent');
  await vi.advanceTimersByTimeAsync(2_399);
  expect(link.written).toHaveLength(8);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  await silent;
  expect(vi.getTimerCount()).toBe(0);
});

test('no request takes longer than 16 s, but that for a key, which a microcontroller makes within 80 s', () => {
  const { 'make-key': slowest, ...others } = ordinaryPatience;
  const most = ({ ms, sendings }: Patience) => ms * sendings;
  expect(Math.max(...Object.values(others).map(most))).toBe(16_000);
  expect(most(slowest)).toBe(80_000);
});

test('an answer to the eighth sending is in time', async () => {
  const { unit } = loopUnit(new CuttableFlash());
  let sent = 0;
  const link = new ScriptedLink((written) => {
    sent += 1;
    const said = unit.receive(written);
    return sent < 8 ? [] : said;
  });
  const opened = uartV1.open(link, never);
  await vi.advanceTimersByTimeAsync(2_399);
  expect((await opened).line).toEqual({ bad: 0, stray: 0, resent: 7 });
});
