// The two timers that browsers and Node have alike; the contract compiles with neither's types, so that it stays safe for both.
declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;
