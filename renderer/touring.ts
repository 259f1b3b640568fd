import type { Role } from '../station-core/contract/record.ts';
import type { StationClient } from './client.ts';
import type { Board } from './runs.ts';
import { Store } from './store.ts';
import { type Around, goOn, type Happened, newTour, type Tour } from './tour.ts';

export type Touring = {
  readonly tour: Tour | undefined;
  /** Whether nobody has begun or declined it on this computer yet. */
  readonly offered: boolean;
};

const place = 'birthmark.tour';

/** The tour that somebody is on, if any; goes by what the station says and what the page tells. */
export class TourStore extends Store<Touring> {
  readonly #client: StationClient;
  readonly #storage: Storage;
  readonly #sees: (role: Role) => boolean;

  /** `sees`: whether a role sees the audit trail. */
  constructor(client: StationClient, storage: Storage, sees: (role: Role) => boolean) {
    super({ tour: undefined, offered: storage.getItem(place) === null });
    this.#client = client;
    this.#storage = storage;
    this.#sees = sees;
    client.screen.subscribe(() => this.#looked());
  }

  begin(): void {
    this.#noLongerOffered();
    this.change({ tour: newTour(this.#around()) });
  }

  /** Ends it, or declines it. It can be begun again from the help. */
  leave(): void {
    if (!this.get().tour && !this.get().offered) return;
    this.#noLongerOffered();
    this.change({ tour: undefined });
  }

  tell(happened: Happened): void {
    const { tour } = this.get();
    if (tour) this.change({ tour: goOn(tour, happened, this.#around()) });
  }

  #looked(): void {
    const around = this.#around();
    this.tell({ what: 'lanes', lanes: around.lanes });
    this.tell({ what: 'person', seesAudit: around.seesAudit });
  }

  #around(): Around {
    const { board, person } = this.#client.screen.get();
    const seesAudit = person !== undefined && this.#sees(person.role);
    return { lanes: board?.lanes ?? [], seesAudit };
  }

  #noLongerOffered(): void {
    this.#storage.setItem(place, 'seen');
    this.change({ offered: false });
  }
}

/** Whether something stands on the lanes that did not pass and that nobody has seen yet. */
export const callsSomebody = (board: Board | undefined): boolean =>
  board?.lanes.some(({ run }) => run?.outcome && run.outcome !== 'passed' && run.id > board.seen.run) ?? false;
