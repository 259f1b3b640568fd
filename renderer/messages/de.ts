import { acts } from './de/acts.ts';
import { audit } from './de/audit.ts';
import { backup } from './de/backup.ts';
import { calls } from './de/calls.ts';
import { certificates } from './de/certificates.ts';
import { cloud } from './de/cloud.ts';
import { display } from './de/display.ts';
import { errors } from './de/errors.ts';
import { files } from './de/files.ts';
import { frame } from './de/frame.ts';
import { help } from './de/help.ts';
import { hsm } from './de/hsm.ts';
import { issuers } from './de/issuers.ts';
import { labels } from './de/labels.ts';
import { lanes } from './de/lanes.ts';
import { orders } from './de/orders.ts';
import { people } from './de/people.ts';
import { recipes } from './de/recipes.ts';
import { scans } from './de/scans.ts';
import { settings } from './de/settings.ts';
import { setup } from './de/setup.ts';
import { tour } from './de/tour.ts';
import { units } from './de/units.ts';
import type { Tongue } from './messages.ts';

export const de: Tongue = {
  messages: {
    acts,
    audit,
    backup,
    calls,
    certificates,
    cloud,
    display,
    files,
    frame,
    help,
    hsm,
    issuers,
    labels,
    lanes,
    orders,
    people,
    recipes,
    scans,
    settings,
    setup,
    tour,
    units,
  },
  errors,
};
