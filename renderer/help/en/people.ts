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
    lead: 'After how many minutes without use people are signed out stands in station.json; 15, if it says nothing.',
  },
  'person.not-allowed': {
    means: 'Your role may not do this. The message says which roles may. The attempt is in the audit trail.',
    steps: [
      'Ask somebody with one of these roles to do it.',
      'If it is your work, call the lead: your role may be wrong.',
    ],
    lead: 'On the {people} screen: the person’s role. On the {help} screen, under Roles: what each role may do.',
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
    lead: 'On the {cloud} screen: the backlog, and the rows that wait for a person: send them once more, or discard them.',
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
  'person.locked': {
    means:
      'Too many wrong PINs were typed for this name. It stays locked until a person unlocks it, so that nobody can try PINs one after the other.',
    steps: ['Do not try again: it stays locked, with the right PIN too.', 'Call the lead or the security officer.'],
    lead: 'On the {people} screen: unlock the person, or give a new one-time code. On the {audit} screen: when the wrong PINs were typed, and whether the person was there.',
  },
  'person.choose-pin': {
    means: 'A one-time code lets a person in once, to choose a PIN that nobody else knows.',
    steps: ['Choose a PIN of your own, and type it twice.', 'Tell it to nobody, not to the lead either.'],
    lead: 'Nothing is to be done. Nobody can look the PIN up; whoever forgets it gets a new one-time code.',
  },
  'person.code-ended': {
    means: 'A one-time code is valid for one sign-in within seven days. This one was used, or is too old.',
    steps: ['Do not type it again.', 'Ask the lead and the security officer for a new one.'],
    lead: 'On the {people} screen: give a new one-time code; two people do it. If the person did not use the old one, somebody else did: look at the {audit} screen.',
  },
  'person.pin-weak': {
    means:
      'The PIN would be easy to guess, or is the one before. A PIN stands for a person’s agreement, so it must be theirs alone.',
    steps: [
      'Choose another PIN of six or more characters.',
      'Take no run, not the same character only, and not your name.',
    ],
    lead: 'The rules are the same for everybody, and no setting loosens them.',
  },
  'person.nobody': {
    means: 'The list on the screen is older than what the station knows, or the name is written differently.',
    steps: ['Load the list of people again.', 'Choose the person there.'],
    lead: 'On the {people} screen: the list, with those who have left.',
  },
  'person.left': {
    means: 'Somebody entered that this person has left. Nothing can be done in their name any more.',
    steps: ['Check whether the right person is chosen.', 'If they are back, have them added again.'],
    lead: 'On the {people} screen: add the person again, with a one-time code. Two people do it.',
  },
  'person.last': {
    means: 'Without this person nobody could do the work of this role, not even add somebody.',
    steps: ['Add another person with this role first.', 'Have them sign in once.', say.redo],
    lead: 'On the {people} screen: who has the role and can sign in.',
  },
  'person.badge-taken': {
    means: 'A badge names one person only. This one already names somebody else.',
    steps: ['Scan another badge.', 'If it is the right one, have it taken from the other person first.'],
    lead: 'On the {people} screen: whose badge it is. A badge that was handed on still names the one who had it.',
  },
  'person.others-agree': {
    means:
      'This way is there for when nobody else is left. While two people can agree, they have to, and not one person with the HSM’s PIN.',
    steps: ['Call two people who may agree.', 'They do it at the station, each with a PIN of their own.'],
    lead: 'On the {people} screen: who can agree. The message has the command line.',
  },
} as const satisfies Part;
