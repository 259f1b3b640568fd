import type { Part } from '../page.ts';
import { say } from './phrases.ts';

/** The TPM of a unit, its endorsement key, and that key's certificate. */
export const tpm = {
  'tpm.missing': {
    means: 'No TPM answers inside the unit: it is not fitted, switched off in the firmware, or does not start.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'If many units of a batch say this: whether the TPM is enabled in their firmware, and whether the order has the right recipe.',
  },
  'tpm.version': {
    means: 'The TPM is of an older family than 2.0, with which the cloud service cannot enrol devices.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'The bill of materials: another TPM was fitted than was ordered. These units cannot be made with this recipe.',
  },
  'tpm.failure-mode': {
    means: 'The TPM failed its own self-test and answers nothing else. It is defective.',
    steps: [say.aside, say.notAgain, 'Send it to rework: the TPM has to be replaced.'],
    lead: 'On the {audit} screen: how many units have this. With a new TPM, a unit that was enrolled before is a new device.',
  },
  'tpm.lockout': {
    means:
      'The TPM was given wrong authorisations and protects itself. It answers again after a time that its maker set.',
    steps: [
      'Leave the unit powered; switching it off makes it longer.',
      'Work on with other units.',
      'Scan it again after its lockout.',
      say.asideIf,
    ],
    lead: 'On the {hsm} screen: since when the secret that the recipe names has been set. The security officer sets the right one before more TPMs lock themselves.',
  },
  'tpm.auth': {
    means:
      'The TPM wants an authorisation, and the one that the station holds is wrong. Each further try brings the TPM closer to its lockout.',
    steps: ['Do not scan further units of this batch.', say.aside, say.lead],
    lead: 'On the {recipes} screen: which secret the recipe names. On the {hsm} screen: since when it has been set. The security officer sets the right one.',
  },
  'tpm.refused': {
    means:
      'The TPM refused a command and gave the code that the message names. It may be full, busy, or set up in another way than the recipe expects.',
    steps: [say.again, say.asideIf],
    lead: 'On the {audit} screen: if the same code comes back on every unit, the recipe does not fit this TPM.',
  },
  'tpm.garbled': {
    means:
      'What the TPM answered is not what the TPM’s specification allows at this place. A disturbed line or a bad firmware does that.',
    steps: [say.reseat, say.again, say.asideIf],
    lead: 'If it is always the same place of the same command, the firmware that passes the answers on is at fault.',
  },
  'tpm.key-refused': {
    means:
      'A key that the TPM showed or made lacks a property that it must have, for instance that it can never leave the TPM. What it proves would be worth nothing.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'The rule in the message. A whole batch with it has TPMs that were set up by somebody else before.',
  },
  'tpm.name-differs': {
    means:
      'The TPM calls its key by a name that does not follow from the key. A real TPM cannot do that: something else answers in its place.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'On the {audit} screen, by this serial number: every run of the unit. Keep the unit as evidence.',
  },
  'tpm.not-activated': {
    means:
      'The station made a challenge that only the owner of the shown endorsement key can open, and this TPM could not. The key was copied from another TPM.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'On the {audit} screen: which unit had this endorsement key before. Keep the unit as evidence.',
  },
  'ek.certificate-missing': {
    means: 'The recipe wants the TPM maker’s certificate as proof that the TPM is genuine, and the TPM has none.',
    steps: [say.aside, say.goOn, say.lead],
    lead: 'Some makers give certificates, or a list of keys, apart from the chip. Two people import such a list at the command line, and the {hsm} screen shows it; then the units are scanned again.',
  },
  'ek.certificate-unreadable': {
    means: 'There is a certificate in the TPM, but it is damaged or not in the form that it must have.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'The place in the message. If the whole batch has it, ask the TPM maker.',
  },
  'ek.certificate-expired': {
    means:
      'By the clock of this station, the certificate is not valid yet, or no longer. Either the clock or the TPM is too old.',
    steps: [
      'Look at the time that the screen shows.',
      'If it is wrong, stop and call the lead.',
      'If it is right, set the unit aside, marked with this code.',
    ],
    lead: 'The clock first. If it is right, the TPMs were in store for longer than their certificates are valid.',
  },
  'ek.certificate-self-signed': {
    means: 'Nobody stands behind the certificate but itself, so anybody could have made it.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Where the TPMs of this batch were bought. Keep the unit as evidence.',
  },
  'ek.certificate-other-key': {
    means: 'The certificate belongs to another TPM than the one that shows it. It was copied.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'On the {audit} screen: whether another unit showed this certificate. Keep the unit as evidence.',
  },
  'ek.certificate-usage': {
    means:
      'The certificate was issued for something else than an endorsement key, so it does not say that this is a TPM.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'The rule in the message. If the whole batch has it, ask the TPM maker.',
  },
  'ek.certificate-chain': {
    means: 'One of the certificates between the TPM and its maker’s root breaks a rule, so the chain proves nothing.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'Which certificate the message names. If it is one of the maker’s own, the security officer gets the right ones from the maker.',
  },
  'ek.root-unknown': {
    means: 'The certificate is in order, but leads to a maker whom the recipe does not name.',
    steps: [say.aside, say.goOn, say.asks],
    lead: 'Whether this maker is to be trusted is the security officer’s decision: its root is put into the folder tpm-roots of the station, and on the {recipes} screen a new version of the recipe names it.',
  },
  'ek.software': {
    means: 'The TPM is a program and no chip. Its keys can be copied, which is why production never takes it.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Whether a test build of the firmware came onto the line.',
  },
  'ek.not-genuine-enough': {
    means: 'The recipe asks for less proof of a genuine TPM than production does, so no unit can be made with it.',
    steps: [say.stop, say.lead],
    lead: 'On the {recipes} screen: a new version of the recipe that asks for a certificate. Two people approve it.',
  },
  'ek.taken': {
    means:
      'Two units show the same endorsement key, which every TPM has for itself alone. One of them is a copy. The lane takes no further unit.',
    steps: [say.bothAside, say.lead, say.released],
    lead: 'On the {audit} screen, by both serial numbers: which was first. The security officer keeps both as evidence.',
  },
  'ek.changed': {
    means:
      'The unit had another TPM when it was here before. The cloud knows devices by their TPM, so this is another device under the same label. The lane takes no further unit.',
    steps: [say.aside, say.lead, say.released],
    lead: 'Whether the TPM was replaced in rework. Then two people scrap the old unit (birthmark units scrap), and the board gets a new serial number.',
  },
  'ek.public-sample': {
    means: 'The endorsement key stands in public documents as an example, and everybody knows its private half.',
    steps: [say.aside, say.notAgain, say.both],
    lead: 'Whether a simulator or a sample image came onto the line.',
  },
  'ek.not-listed': {
    means:
      'The TPM maker’s list of delivered keys does not hold this one. Either the list is of another delivery, or the TPM does not come from the maker. The lane takes no further unit.',
    steps: [say.aside, say.lead, say.released],
    lead: 'On the {hsm} screen: which lists were imported, and for which delivery. If the list of this delivery is missing, two people import it.',
  },
  'ek.other-id': {
    means:
      'The maker’s list already gave this TPM a registration ID, and the recipe would give it another one. A device must not have two.',
    steps: [say.aside, say.notAgain, say.lead],
    lead: 'The message names the list. Compare it with the recipe on the {recipes} screen, and decide which of the two IDs it is to be.',
  },
} as const satisfies Part;
