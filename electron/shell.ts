import { type BrowserWindow, powerSaveBlocker } from 'electron';
import * as z from 'zod/mini';
import { type Language, type Word, wordSchema } from '../station-core/contract/desktop.ts';
import { showMenu } from './menu.ts';

export type ShellOptions = {
  readonly kiosk: boolean;
  readonly language: Language;
  readonly mac: boolean;
  readonly note: (text: string) => void;
};

/** What the window does about what its page tells of itself: it stays awake, has its menus, is a kiosk or not. */
export class Shell {
  readonly #window: BrowserWindow;
  readonly #options: ShellOptions;
  #language: Language;
  #kiosk: boolean;
  /** Electron's number for keeping the computer awake. */
  #awake: number | undefined;

  constructor(window: BrowserWindow, options: ShellOptions) {
    this.#window = window;
    this.#options = options;
    this.#language = options.language;
    this.#kiosk = options.kiosk;
    this.#showMenu();
  }

  /** Whether the window may not be closed by whoever sits before it. */
  get kiosk(): boolean {
    return this.#kiosk;
  }

  /** Takes a word of our own page; what is none is noted and dropped. */
  take(said: unknown): void {
    const read = z.safeParse(wordSchema, said);
    if (read.success) this.#do(read.data);
    else this.#options.note('the page told something that is no word');
  }

  #do(word: Word): void {
    if ('working' in word) this.#stayAwake(word.working);
    else if ('language' in word) {
      this.#language = word.language;
      this.#showMenu();
    } else {
      this.#kiosk = word.kiosk;
      this.#window.setKiosk(word.kiosk);
      this.#showMenu();
    }
  }

  /** A page that crashed tells nothing: the computer stays awake until the next one does. */
  #stayAwake(working: boolean): void {
    if (working) this.#awake ??= powerSaveBlocker.start('prevent-display-sleep');
    else if (this.#awake !== undefined) {
      powerSaveBlocker.stop(this.#awake);
      this.#awake = undefined;
    }
  }

  #showMenu(): void {
    const print = () => {
      if (!this.#window.isDestroyed()) this.#window.webContents.print();
    };
    showMenu({ language: this.#language, kiosk: this.#kiosk, mac: this.#options.mac, print });
  }
}
