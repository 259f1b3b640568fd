/** What becomes of units after their verdict. */
export const units = {
  title: 'Units',
  find: 'Scan or type a label',
  show: 'Look up',
  about: 'Serial or registration ID, as the label says it.',
  none: 'No unit of this station has this label.',
  notUnit: 'This label names no unit.',
  serial: 'Serial',
  order: 'Order',
  recipe: 'Recipe',
  registrationId: 'Registration ID',
  state: 'State',
  standings: {
    waiting: 'to make',
    finished: 'finished',
    quarantined: 'in quarantine',
    shipped: 'shipped',
    scrapped: 'scrapped',
  },
  since: 'Since',
  credential: 'Credential',
  replacing: 'Its next run gives it another credential.',
  packing: 'Before it ships',
  checks: {
    key: 'Endorsement key on record',
    validity: 'Certificate good for long enough',
    receipt: 'The cloud knows it',
    cloud: 'Not disabled in the cloud',
    label: 'Label scanned',
  },
  holds: 'yes',
  fails: 'NO',
  acts: {
    release: 'Let out of quarantine',
    rework: 'Make once more',
    replace: 'Replace credential',
    scrap: 'Scrap',
    ship: 'Ship',
  },
  release: {
    title: 'Let {serial} out of quarantine?',
    means: 'It waits for its next run. Why may it go on? The reason stays in the audit trail: no names in it.',
    reason: 'Reason',
  },
  rework: {
    title: 'Make {serial} once more?',
    means: 'It goes through the line again and gets the same credential. Until then it counts as not made.',
  },
  replace: {
    title: 'Give {serial} another credential?',
    means:
      'Its key is kept no more. Its certificates are revoked now; its next run gives it a new credential, and its entry in the cloud is changed. A second person agrees.',
  },
  scrap: {
    title: 'Scrap {serial}?',
    means:
      'Its certificates are revoked, its entry in the cloud is disabled, and it is never made again. A second person agrees.',
    reason: 'Reason',
    typed: 'Type the serial to confirm',
  },
  open: {
    title: 'Not ended yet',
    about: 'Units whose credential was neither shipped, nor made void, nor re-issued: the oldest orders first.',
    none: 'Every credential came to its end.',
    made: 'Credential made',
  },
} as const;
