import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Memory, type Remembered } from '../../../renderer/memory.ts';

/** A tab's storage that counts how often it is written to. */
class Tab implements Storage {
  writes = 0;
  readonly #items = new Map<string, string>();
  get length(): number {
    return this.#items.size;
  }
  clear(): void {
    this.#items.clear();
  }
  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }
  key(at: number): string | null {
    return [...this.#items.keys()][at] ?? null;
  }
  removeItem(name: string): void {
    this.#items.delete(name);
  }
  setItem(name: string, value: string): void {
    this.writes++;
    this.#items.set(name, value);
  }
}

const anna = { session: 's-1', name: 'anna', role: 'technician' } as const;
const counted = (passed: number): Remembered => ({ ...anna, tally: { n: passed, passed, failed: 0, other: 0 } });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a reload finds who was signed in, and a page that was never used finds nobody', () => {
  const tab = new Tab();
  expect(new Memory(tab).read()).toBeUndefined();
  new Memory(tab).keep(anna);
  expect(new Memory(tab).read()).toEqual(anna);
});

test('a thousand counts within a second are written once, the newest one', () => {
  const tab = new Tab();
  const memory = new Memory(tab);
  for (let passed = 1; passed <= 1_000; passed++) memory.keepSoon(counted(passed));
  expect(memory.read()).toEqual(counted(1_000));
  expect(tab.writes).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(tab.writes).toBe(1);
  expect(new Memory(tab).read()).toEqual(counted(1_000));
});

test('what waits to be written is not written after a sign-out', () => {
  const tab = new Tab();
  const memory = new Memory(tab);
  memory.keepSoon(counted(1));
  memory.forget();
  vi.advanceTimersByTime(5_000);
  expect(new Memory(tab).read()).toBeUndefined();
});

test('a count that waits never takes the place of the person who signed in since', () => {
  const tab = new Tab();
  const memory = new Memory(tab);
  memory.keepSoon(counted(1));
  memory.keep({ ...anna, name: 'berta' });
  vi.advanceTimersByTime(5_000);
  expect(new Memory(tab).read()).toMatchObject({ name: 'berta' });
});

test('anything else that stands there counts as nothing', () => {
  const tab = new Tab();
  for (const text of ['', 'no JSON', '[]', '{"session":1}', JSON.stringify({ ...anna, role: 'owner' })]) {
    tab.setItem('birthmark.session', text);
    expect(new Memory(tab).read()).toBeUndefined();
  }
});
