import { acts } from './es/acts.ts';
import { audit } from './es/audit.ts';
import { backup } from './es/backup.ts';
import { calls } from './es/calls.ts';
import { certificates } from './es/certificates.ts';
import { cloud } from './es/cloud.ts';
import { display } from './es/display.ts';
import { errors } from './es/errors.ts';
import { files } from './es/files.ts';
import { frame } from './es/frame.ts';
import { help } from './es/help.ts';
import { hsm } from './es/hsm.ts';
import { issuers } from './es/issuers.ts';
import { labels } from './es/labels.ts';
import { lanes } from './es/lanes.ts';
import { orders } from './es/orders.ts';
import { people } from './es/people.ts';
import { recipes } from './es/recipes.ts';
import { scans } from './es/scans.ts';
import { settings } from './es/settings.ts';
import { setup } from './es/setup.ts';
import { tour } from './es/tour.ts';
import { units } from './es/units.ts';
import type { Tongue } from './messages.ts';

export const es: Tongue = {
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
