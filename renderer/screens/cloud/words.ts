import { cloud } from '../../messages/en/cloud.ts';
import type { Say } from '../../say.ts';

// Words that the station notes for what it did, said in the person's language. One that a newer station knows stays as it is.

const isIn = <T extends object>(words: T, word: string): word is string & keyof T => Object.hasOwn(words, word);

export const actionSaid = ({ t }: Say, action: string): string =>
  isIn(cloud.actions, action) ? t(`cloud.actions.${action}`) : action;

export const answerSaid = ({ t }: Say, answer: string): string =>
  isIn(cloud.answers, answer) ? t(`cloud.answers.${answer}`) : answer;

export const targetSaid = ({ t }: Say, target: string): string =>
  isIn(cloud.targets, target) ? t(`cloud.targets.${target}`) : target;

export const memberSaid = ({ t }: Say, member: string): string =>
  isIn(cloud.members, member) ? t(`cloud.members.${member}`) : member;

export const rightSaid = ({ t }: Say, what: string): string =>
  isIn(cloud.check.whats, what) ? t(`cloud.check.whats.${what}`) : what;
