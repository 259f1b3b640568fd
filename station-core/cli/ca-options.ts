import { type Command, InvalidArgumentError, Option, type OptionValues } from '@commander-js/extra-typings';
import { defaultFolder } from './folder.ts';

// The options that every CA command has.

/** Sets the exit code by what a command answers, and tells what went wrong. */
export type Ended = (command: Promise<number>) => Promise<void>;

/** Adds `--station`, `--as` and `--json`. */
export const forOne = <A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) =>
  command
    .addOption(
      new Option('--station <folder>', "the station's folder").default(defaultFolder(), "the platform's data folder"),
    )
    .addOption(new Option('--as <name>', 'act as this person (production; the PIN is asked for)'))
    .addOption(new Option('--json', 'print one JSON object on one line').default(false));

/** Adds `--second` too, for what two people must agree to. */
export const forTwo = <A extends unknown[], O extends OptionValues, G extends OptionValues>(
  command: Command<A, O, G>,
) =>
  forOne(
    command.addOption(
      new Option('--second <name>', 'the second person, who agrees (production; the PIN is asked for)'),
    ),
  );

/** A whole number from `least` on. */
export function wholeFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}
