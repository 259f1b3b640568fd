import type { Tongue } from './messages.ts';
import { acts } from './zh/acts.ts';
import { audit } from './zh/audit.ts';
import { backup } from './zh/backup.ts';
import { calls } from './zh/calls.ts';
import { certificates } from './zh/certificates.ts';
import { cloud } from './zh/cloud.ts';
import { display } from './zh/display.ts';
import { errors } from './zh/errors.ts';
import { files } from './zh/files.ts';
import { frame } from './zh/frame.ts';
import { help } from './zh/help.ts';
import { hsm } from './zh/hsm.ts';
import { issuers } from './zh/issuers.ts';
import { labels } from './zh/labels.ts';
import { lanes } from './zh/lanes.ts';
import { orders } from './zh/orders.ts';
import { people } from './zh/people.ts';
import { recipes } from './zh/recipes.ts';
import { scans } from './zh/scans.ts';
import { settings } from './zh/settings.ts';
import { setup } from './zh/setup.ts';
import { tour } from './zh/tour.ts';
import { units } from './zh/units.ts';

export const zh: Tongue = {
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
