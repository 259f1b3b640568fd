// Commands that follow each other as they should, among others that do not.
import type { Random } from '../../drivers/simulated/unit/random.ts';
import { sized, u16, u32 } from '../../drivers/tpm/marshal.ts';
import { activationTemplate, ekTemplate } from '../../drivers/tpm/templates.ts';
import { CommandMaker, same } from './simulated-tpm-commands.ts';
import { type Asked, Dice, digests, hierarchies } from './simulated-tpm-dice.ts';
import type { TpmPair } from './simulated-tpm-pair.ts';
import { password, primaryParameters, secretParameters, sessionParameters } from './simulated-tpm-wire.ts';

type Step = () => Asked | Promise<Asked>;

export class CommandGenerator {
  readonly #dice: Dice;
  readonly #pair: TpmPair;
  readonly #maker: CommandMaker;
  #plan: Step[] = [];
  #asked = 0;

  constructor(random: Random, pair: TpmPair) {
    this.#dice = new Dice(random);
    this.#pair = pair;
    this.#maker = new CommandMaker(this.#dice, pair);
  }

  async next(): Promise<Asked> {
    this.#asked += 1;
    if (this.#asked % 100 === 0) this.#planRestitution();
    const planned = this.#plan.length > 0 && this.#dice.chance(0.95) ? this.#plan.shift() : undefined;
    if (planned) return this.#dice.damaged(await planned());
    if (this.#dice.chance(0.04)) this.#planActivation();
    else if (this.#dice.chance(0.02)) this.#planOwnership();
    return this.#dice.damaged(await this.#dice.pick(this.#singles)());
  }

  /** Those that matter most come most often. */
  get #singles(): readonly Step[] {
    const maker = this.#maker;
    const often: readonly Step[] = [
      () => maker.createPrimary(),
      () => maker.startSession(),
      () => maker.policySecret(),
      () => maker.activate(),
      () => maker.flush(),
      () => maker.capability(),
    ];
    const seldom: readonly Step[] = [
      () => maker.readPublic(),
      () => maker.nvRead(),
      () => maker.nvReadPublic(),
      () => maker.policyOr(),
      () => maker.evict(),
      () => maker.changeAuth(),
    ];
    return [...often, ...often, ...seldom];
  }

  /** Everything that an activation needs, in a TPM with nothing loaded; the last command is sent twice. */
  #planActivation(): void {
    const kind = this.#dice.pick(['p256', 'p256', 'high-p256', 'high-p384', 'rsa2048', 'high-rsa2048'] as const);
    const inUse = [...this.#pair.inUse(0x8000_0000), ...this.#pair.inUse(0x0200_0000)];
    const create = (template: Buffer) => () =>
      same('CreatePrimary', {
        handles: [0x4000_000b],
        sessions: [password()],
        parameters: primaryParameters(template),
      });
    const [activated = 0, decrypting = 0, session = 0] = [0x8000_0000, 0x8000_0001, 0x0300_0000];
    const policySecret = {
      handles: [0x4000_000b, session],
      sessions: [password()],
      parameters: secretParameters,
    };
    const branches = digests.slice(kind === 'high-p384' ? 4 : 2).slice(0, 2);
    const policyOr = { handles: [session], parameters: Buffer.concat([u32(2), ...branches.map(sized)]) };
    const byPassword = kind.startsWith('high') && this.#dice.chance(0.1);
    const authorised = [password(), byPassword ? password() : { handle: session, attributes: this.#dice.pick([0, 1]) }];
    const activate = () => this.#maker.activation(activated, decrypting, authorised);
    this.#plan = [
      ...inUse.map((handle) => () => same('FlushContext', { parameters: u32(handle) })),
      create(activationTemplate),
      create(ekTemplate(kind)),
      () =>
        same('StartAuthSession', {
          handles: [0x4000_0007, 0x4000_0007],
          parameters: sessionParameters(kind === 'high-p384' ? 0x0c : 0x0b),
        }),
      () => same('PolicySecret', policySecret),
      ...(kind.startsWith('high') ? [() => same('PolicyOR', policyOr)] : []),
      activate,
      activate,
      ...(this.#dice.chance(0.3) ? this.#eviction(activated, decrypting) : []),
    ];
  }

  /** A key is made persistent, used there, and is gone again. */
  #eviction(handle: number, other: number): Step[] {
    const persistent = 0x8100_0001;
    const evict = (object: number) => () =>
      same('EvictControl', {
        handles: [0x4000_0001, object],
        sessions: [password()],
        parameters: u32(persistent),
      });
    return [
      evict(persistent),
      evict(handle),
      () => same('ReadPublic', { handles: [persistent] }),
      () => this.#maker.activation(persistent, other, [password(), password()]),
      evict(handle),
      evict(persistent),
    ];
  }

  /** Whoever took a hierarchy and lost his password is helped, so that not everything is refused from then on. */
  #planRestitution(): void {
    const passwords = ['one', 'two', 'x'.repeat(64)];
    this.#plan = hierarchies.flatMap((hierarchy) =>
      passwords.map(
        (known) => () =>
          same('HierarchyChangeAuth', { handles: [hierarchy], sessions: [password(known)], parameters: u16(0) }),
      ),
    );
  }

  /** Somebody takes a hierarchy, is not recognised by another password, and gives it back. */
  #planOwnership(): void {
    const [hierarchy, other] = [this.#dice.pick(hierarchies), activationTemplate];
    // Zeros at the end do not count.
    const auth = this.#dice.pick(['one', 'one\0\0', 'x'.repeat(64)]);
    const change = (from: string, to: string) => () =>
      same('HierarchyChangeAuth', {
        handles: [hierarchy],
        sessions: [password(from)],
        parameters: sized(Buffer.from(to)),
      });
    const create = (by: string) => () =>
      same('CreatePrimary', {
        handles: [hierarchy],
        sessions: [password(by)],
        parameters: primaryParameters(other),
      });
    this.#plan = [change('', auth), create(''), create('two'), create(auth), change('two', ''), change(auth, '')];
  }
}
