import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** The intermediate CA, certificates, and stores of certificates. */
export const ca = {
  'ca.unknown': {
    means: 'The recipe or the call names an intermediate CA that this station does not have.',
    steps: [say.stop, say.asks],
    lead: 'On the {issuers} screen: the issuers. The name in the recipe on the {recipes} screen must be the same.',
  },
  'ca.not-ready': {
    means:
      'The intermediate CA cannot sign: its ceremony is not finished, it is retired, or its certificate is not there. The message says which.',
    steps: [say.stop, say.officer],
    lead: 'On the {issuers} screen: the issuer, and which step of its ceremony is next.',
  },
  'ca.csr-refused': {
    means:
      'The unit asked for a certificate in a way that is not allowed, for instance with a weak key or a signature that does not hold. Nothing was signed.',
    steps: [say.aside, say.goOn, say.ifNext],
    lead: 'The rule in the message. If all units of a batch have it, their firmware makes wrong keys or requests.',
  },
  'ca.profile': {
    means:
      'What the recipe wants of certificates is not allowed, for instance a leaf that lives longer than its issuer.',
    steps: [say.stop, say.lead],
    lead: 'On the {recipes} screen: the profile in the recipe. On the {issuers} screen: until when the issuer is valid.',
  },
  'ca.lint': {
    means:
      'Before each signature the station checks the certificate against a set of rules, and this one would break one. That is a fault of this program. Nothing was signed.',
    steps: [say.stop, say.officer],
    lead: 'Report the rule and the code to whoever maintains this program.',
  },
  'ca.chain': {
    means:
      'A certificate of the chain that was given does not fit the others, or breaks a rule. Nothing was taken over.',
    steps: [
      'Look which certificate the message names.',
      'Ask whoever made the chain for the whole one, in order.',
      say.officer,
    ],
    lead: 'On the {issuers} screen: the request that was sent out; the answer has to be for this one.',
  },
  'ca.clock': {
    means:
      'The clock is before something that the station has already recorded, outside the validity of the issuer, or far from your watch. A certificate with a wrong time would be worthless.',
    steps: ['Compare the screen’s time with your watch.', say.lead],
    lead: 'Set the clock of the operating system, then have two people confirm it on the {issuers} screen.',
  },
  'ca.key-taken': {
    means:
      'Another unit already has a certificate with the same public key. Two devices with one key means that a key was copied, or is made without real chance.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'On the {audit} screen, by this serial number: the run that was refused. With several units, the random generator of the firmware is at fault.',
  },
  'ca.serial-taken': {
    means:
      'A new certificate would have had a number that exists already. By chance that never happens, so the random generator is to be doubted.',
    steps: [say.again, 'If it repeats, stop and call the security officer.'],
    lead: 'Whether this machine was copied from another one while it was running.',
  },
  'ca.signature-wrong': {
    means:
      'What came back from the HSM is not a signature of what the station sent. It is defective, or somebody sits in between.',
    steps: ['Make no more units that need a certificate.', say.officer],
    lead: 'On the {hsm} screen: the HSM’s driver and its hash against those of the set-up. Do not go on with this HSM.',
  },
  'ca.quota': {
    means:
      'As many certificates were issued as two people had agreed to. The quota bounds what somebody could do with a stolen station.',
    steps: [say.stop, say.lead],
    lead: 'On the {issuers} screen: issued and quota. Raising it takes two people.',
  },
  'ca.no-certificate': {
    means:
      'There is no such certificate, or it is not in a state for this: it is revoked already, was never signed, or its unit has no name any more.',
    steps: ['Look the certificate up again.', say.look],
    lead: 'On the {certificates} screen: the certificate and its state.',
  },
  'store.none': {
    means:
      'The certificate of this unit is to come from a store that was made elsewhere, and there is none for it, or it is used up. The message says why.',
    steps: [say.aside, say.goOn, say.lead],
    lead: 'On the {hsm} screen: the stock of the store, and for which units it has certificates. Two people import more.',
  },
  'store.empty': {
    means: 'The order draws its certificates from a store that has none for any unit of it.',
    steps: [say.notYet, say.lead],
    lead: 'On the {hsm} screen: the stores. Two people import the files for this order.',
  },
} as const satisfies Part;
