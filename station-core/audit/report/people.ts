import type { Line } from './line.ts';
import { type Counted, Tally } from './tally.ts';

/** What a person did, by what the entries say. */
export type Person = {
  /** The commitment to the name. */
  readonly person: string;
  readonly roles: readonly string[];
  readonly deeds: readonly Counted[];
  /** How often they were the second person. */
  readonly approved: number;
  /** How often the station refused them. */
  readonly refused: number;
};

type Kept = { readonly roles: Set<string>; readonly deeds: Tally; approved: number; refused: number };

/** Who acted, in the order in which they first did. */
export class People {
  readonly #people = new Map<string, Kept>();

  take(line: Line): void {
    const { actor, approver, role, result, action } = line;
    if (approver !== undefined) this.#of(approver).approved++;
    if (actor === undefined) return;
    const person = this.#of(actor);
    if (role !== undefined) person.roles.add(role);
    if (result === 'refused') person.refused++;
    else if (isOwnDeed(line)) person.deeds.add(action);
  }

  all(): readonly Person[] {
    return [...this.#people].map(([person, { roles, deeds, approved, refused }]) => {
      return { person, roles: [...roles], deeds: deeds.sorted(), approved, refused };
    });
  }

  #of(person: string): Kept {
    const known = this.#people.get(person);
    if (known) return known;
    const made: Kept = { roles: new Set(), deeds: new Tally(), approved: 0, refused: 0 };
    this.#people.set(person, made);
    return made;
  }
}

/** Within a run the person only started it; what follows is the station's doing. */
const isOwnDeed = ({ run, action }: Line): boolean => run === undefined || action === 'run.opened';
