import type { HsmState } from './hsm.ts';

type Listener = (state: HsmState) => void;

/** The state of an HSM and who wants to hear of its changes. */
export class States {
  readonly #listeners = new Set<Listener>();
  #now: HsmState;

  constructor(first: HsmState) {
    this.#now = first;
  }

  get now(): HsmState {
    return this.#now;
  }

  /** Takes a state; tells it when it is another one. */
  set(next: HsmState): void {
    if (next.state === this.#now.state && next.reason === this.#now.reason) return;
    this.#now = next;
    for (const listener of [...this.#listeners]) listener(next);
  }

  /** Tells each change from now on; the answer ends that. */
  on(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Down, with what a person can do about it where that is known. */
export function downState(what: string): HsmState {
  const [, advice] = advices.find(([of]) => of.test(what)) ?? [];
  return { state: 'down', reason: advice === undefined ? what : `${what}: ${advice}` };
}

const advices: readonly (readonly [RegExp, string])[] = [
  [/^CKR_(DEVICE_REMOVED|TOKEN_NOT_PRESENT|SLOT_ID_INVALID)|^there is no token/, 'plug the token in'],
  [/^CKR_TOKEN_NOT_RECOGNIZED/, 'check that the right token is plugged in'],
  [/^CKR_DEVICE_ERROR/, 'check the HSM, its power, its cable or its network'],
  [/^CKR_(DEVICE_MEMORY|SESSION_COUNT)/, 'the HSM is full; end what else uses it'],
  [/^CKR_HOST_MEMORY/, 'this computer has no memory left'],
  [/^CKR_FIPS_SELF_TEST_FAILED/, 'the HSM failed its own test; call its maker'],
  [/^no answer to/, 'the module hangs; check the HSM and the way to it'],
  [/^its process ended/, 'the module crashed; if it does so again, look at the log of its maker'],
  [/^CKR/, "look the value up in the documents of the HSM's maker"],
];
