/** The guided first run on the practice line. Every step may name what stands on the screen. */
export const tour = {
  title: 'Guided tour',
  offer: 'Tour: 2 minutes',
  decline: 'No tour',
  about: 'New here? The tour goes from the first unit to the evidence.',
  at: '{step, number} of {steps, number}',
  next: 'Next',
  leave: 'Leave',
  finish: 'Done',
  steps: {
    scan: 'Scan a unit: press a label without X, or type it and press Enter. Its lane shows each step, then {pass}.',
    wrong: 'Now scan the label that ends in X: it sticks on a wrong unit. The station finds that out.',
    read: '{fail} says what was found, what to do, and a code. Shift+F1 opens the page of the code, Escape closes it.',
    mend: 'The wrong unit is set aside. Scan a label without X: the line goes on, and {pass} is only for what was made.',
    order: 'How far is the order? F9 opens the menu: choose “{orders}”.',
    become:
      'Here is the order’s progress. Evidence is for those who check: “{out}” at the top, then sign in as {auditor}.',
    evidence: 'F9, “{audit}”, “{exports}”, “{write}”: the station writes the evidence and verifies it.',
    done: 'A unit was made, a wrong one was caught, and the evidence holds. The help begins the tour again.',
  },
} as const;
