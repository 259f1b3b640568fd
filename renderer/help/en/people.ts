import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** People, what they may do, and what is kept about them. */
export const people = {
  'person.unknown': {
    means:
      'There is nobody with this name and this PIN. The station does not say which of the two is wrong, so that nobody can find out names.',
    steps: [
      'See that Caps Lock is off, and type both again.',
      'Do not guess: a few wrong tries lock a person out.',
      'If you do not know your PIN, call the lead.',
    ],
    lead: 'On the {people} screen: whether the person is there and active. A new one-time code takes two people.',
  },
  'person.not-signed-in': {
    means:
      'Nobody is signed in on this screen: the session ended after a time without use, or the station was started again. Lanes that run go on.',
    steps: ['Sign in.', say.redo],
    lead: 'On the {setup} screen: after how many minutes without use people are signed out.',
  },
  'person.not-allowed': {
    means: 'Your role may not do this. The message says which roles may. The attempt is in the audit trail.',
    steps: [
      'Ask somebody with one of these roles to do it.',
      'If it is your work, call the lead: your role may be wrong.',
    ],
    lead: 'On the {people} screen: the person’s role, and the table of what each role may do.',
  },
  'person.second-needed': {
    means:
      'This changes something that nobody may change alone. A second person has to agree to exactly this, with a PIN of their own.',
    steps: [
      'Call somebody of the roles that the message names.',
      'That person reads what is to be done, and enters name and PIN.',
    ],
    lead: 'On the {people} screen: who has these roles. There should always be two on a shift.',
  },
  'person.approval-wrong': {
    means:
      'The approval does not fit: something was changed after it was given, it was used once already, or both people are the same.',
    steps: ['Begin the operation again.', 'Have the second person read it and approve it anew.'],
    lead: 'On the {audit} screen: both attempts and who made them.',
  },
  'person.none': {
    means: 'There is nobody left with this role, so what needs it cannot be done.',
    steps: ['Leave what needs this role.', 'Call the lead or the security officer.'],
    lead: 'On the {people} screen: add somebody with this role. Two people do it.',
  },
  'person.taken': {
    means: 'Names are how people are told apart here, and this one is taken.',
    steps: ['Choose a name that differs, for instance with the surname.', 'Add the person again.'],
    lead: 'On the {people} screen: whether it is the same person, who needs no second entry.',
  },
  'privacy.unknown': {
    means: 'Nothing is kept under this name. It was never here, is written differently, or was erased before.',
    steps: ['Check the spelling, capital letters as well.', 'Ask the security officer if it should be there.'],
    lead: 'On the {audit} screen: whether there is an entry about an erasure at that time.',
  },
  'privacy.held': {
    means: 'A legal hold forbids erasing these records for as long as it is in force.',
    steps: ['Leave the records as they are.', 'Ask the security officer whether the hold may end.'],
    lead: 'On the {audit} screen: the list of legal holds, who set this one, and why. Two people end it.',
  },
  'privacy.no-hold': {
    means: 'There is no legal hold with this number in force: it has ended already, or the number is wrong.',
    steps: ['Look the number up in the list of legal holds.', 'Say it again with the right number.'],
    lead: 'On the {audit} screen: the list of legal holds, with those that have ended.',
  },
  'privacy.waits': {
    means:
      'Uploads of this unit are still waiting. Erased now, they could never be sent, and the cloud would keep an entry that nobody here knows.',
    steps: ['Wait until everything is sent.', 'Have a lead decide on rows that wait for a person.', 'Then erase.'],
    lead: 'On the {cloud} screen: the backlog, and the rows that wait for a person: retry or discard them.',
  },
  'privacy.working': {
    means: 'The person has a run under way, which would lose whose it is.',
    steps: ['Wait for the verdict of the lane.', 'Then erase.'],
    lead: 'On the {lanes} screen: which lane still works.',
  },
  'privacy.only-one': {
    means: 'Without this person nobody could do the work of this role any more, not even add somebody.',
    steps: ['Add another person with this role first, who signs in once.', 'Then erase this one.'],
    lead: 'On the {people} screen: who has the role and can sign in.',
  },
  'privacy.still-read': {
    means:
      'The data are erased, but old pages of the database cannot be overwritten while another program reads it. The station tries again by itself.',
    steps: [
      'End what reads the database: a check, a backup or a verification.',
      'Nothing else is to be done: the station tries again every hour and when it starts.',
    ],
    lead: 'On the {audit} screen: whether a verification is still running. The entry about the erasure stays as it is.',
  },
} as const satisfies Part;
