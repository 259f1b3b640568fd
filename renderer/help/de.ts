import { airGap } from './de/air-gap.ts';
import { ca } from './de/ca.ts';
import { cloud } from './de/cloud.ts';
import { overConsole } from './de/console.ts';
import { hsm } from './de/hsm.ts';
import { lanes } from './de/lanes.ts';
import { orders } from './de/orders.ts';
import { packing } from './de/packing.ts';
import { people } from './de/people.ts';
import { printing } from './de/printing.ts';
import { programmers } from './de/programmers.ts';
import { scanners } from './de/scanners.ts';
import { station } from './de/station.ts';
import { tpm } from './de/tpm.ts';
import { units } from './de/units.ts';
import type { Pages } from './page.ts';

export const pages: Pages = {
  ...units,
  ...packing,
  ...lanes,
  ...scanners,
  ...printing,
  ...tpm,
  ...overConsole,
  ...programmers,
  ...people,
  ...orders,
  ...hsm,
  ...ca,
  ...cloud,
  ...airGap,
  ...station,
};
