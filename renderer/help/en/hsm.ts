import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** The HSM and what it keeps. */
export const hsm = {
  'hsm.locked': {
    means:
      'The HSM is there, but nobody has given its PIN since it was started or plugged in. Without it no unit can be made and nobody can sign in.',
    steps: ['Leave the units on their fixtures.', 'Call the security officer, who unlocks it.'],
    lead: 'The security officer unlocks it on the {hsm} screen. If it locks itself again and again, look at its cable and supply.',
  },
  'hsm.down': {
    means:
      'The HSM does not answer. The station tries by itself to get it back; until then lanes wait and no unit is lost.',
    steps: ['Leave everything as it is for a minute.', 'See that the HSM is plugged in and has power.', say.officer],
    lead: 'On the {hsm} screen: the state and the reason. The message names what the driver said; a changed driver file is named there, too.',
  },
  'hsm.ambiguous': {
    means:
      'The HSM may have signed a certificate whose answer never arrived. It is listed as possibly issued, and can be revoked. Making the unit again is safe.',
    steps: [say.again, say.officerIf],
    lead: 'On the {certificates} screen, by this unit: certificates that are possibly issued. Revoke those that the unit does not hold.',
  },
  'hsm.not-unwrapped': {
    means:
      'The wrapped key cannot be opened with the key that it should have been wrapped for. It was damaged on the way, or made for another station.',
    steps: ['Do not try again with the same file.', say.officer],
    lead: 'On the {hsm} screen: the fingerprint of the unwrapping key; compare it with the one that the owner of the key used.',
  },
  'hsm.key-missing': {
    means: 'A key that the station needs is not in the HSM. It was deleted, or another token is plugged in.',
    steps: [say.stop, 'See that the right token is plugged in.', say.officer],
    lead: 'On the {hsm} screen: the token’s serial number and its keys.',
  },
  'hsm.key-ambiguous': {
    means: 'There are two keys with one name, and the station does not choose between them.',
    steps: [say.stop, say.officer],
    lead: 'On the {hsm} screen: both keys, and which one was made by the station. The other one is removed with the HSM’s own tool.',
  },
  'hsm.key-differs': {
    means:
      'There is a key of the right name in the HSM, but it is not the one that was set up. Units made with it would be refused, or could be known to somebody.',
    steps: [say.stop, say.officer],
    lead: 'On the {hsm} screen: the check value or public key against the record of the set-up. Find out who changed it; the audit trail has every call of this station.',
  },
  'hsm.key-attribute': {
    means:
      'A key could be read out of the HSM, or used for something else than it is there for. It is not used, since a secret that can leave is none.',
    steps: [say.stop, say.officer],
    lead: 'On the {hsm} screen: the attribute in the message. Keys cannot be mended; a new one is made or imported the right way.',
  },
  'hsm.key-exists': {
    means:
      'There already is a key of this name. Keys are never overwritten, since what was made with the old one would be lost.',
    steps: ['Choose another name.', 'Do it again.'],
    lead: 'On the {hsm} screen: the key that is there, and what uses it.',
  },
  'hsm.public-sample': {
    means: 'This key is printed in public documents as an example, so everybody has it.',
    steps: ['Do not use it.', 'Ask the owner of the group for its real key.', say.officer],
    lead: 'Whether other stations were given the same key.',
  },
  'hsm.key-length': {
    means:
      'The key is too short or too long for a group key. Usually a line of text was taken for the key, or a component was typed incompletely.',
    steps: ['Compare what was typed with what the owner gave.', 'Type all components again.'],
    lead: 'The owner of the group says how long the key is.',
  },
  'hsm.pin': {
    means:
      'The HSM said that the PIN is wrong. The station never tries a PIN twice, since an HSM destroys its keys after a few wrong ones.',
    steps: ['Do not try another PIN.', say.officer],
    lead: 'On the {hsm} screen: the reason, and what the token says of its PIN: few tries left, the last one, or locked. Unlock again only with the PIN from its envelope.',
  },
  'hsm.refused': {
    means: 'The HSM understood the request and refused it, for the reason that the message names.',
    steps: ['Note the reason.', say.officer],
    lead: 'The reason in the handbook of the HSM. Often its policy, or a key that may not do this.',
  },
  'hsm.unsupported': {
    means: 'This HSM cannot do what is asked: it lacks the algorithm or the length.',
    steps: [say.stop, say.officer],
    lead: 'What the handbook of the HSM says that it can do. Then another algorithm in the recipe or profile, or another HSM.',
  },
  'hsm.unsealable': {
    means:
      'A secret in the database cannot be opened. It was changed, or the HSM has another sealing key than when it was sealed, for instance after a wrong restore.',
    steps: ['Stop what you were doing.', say.officer],
    lead: 'On the {hsm} screen: whether the sealing key is the one of the set-up. A secret that a recipe names is set anew by two people.',
  },
  'secret.unknown': {
    means: 'The recipe names a secret, such as a password of the unit’s console, which this station was never given.',
    steps: [say.stop, say.asks],
    lead: 'On the {hsm} screen: the list of secrets. Two people set it, on the station’s command line.',
  },
} as const satisfies Part;
