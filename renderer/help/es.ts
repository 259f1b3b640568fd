import { airGap } from './es/air-gap.ts';
import { ca } from './es/ca.ts';
import { cloud } from './es/cloud.ts';
import { overConsole } from './es/console.ts';
import { hsm } from './es/hsm.ts';
import { lanes } from './es/lanes.ts';
import { orders } from './es/orders.ts';
import { packing } from './es/packing.ts';
import { people } from './es/people.ts';
import { printing } from './es/printing.ts';
import { programmers } from './es/programmers.ts';
import { scanners } from './es/scanners.ts';
import { station } from './es/station.ts';
import { tpm } from './es/tpm.ts';
import { units } from './es/units.ts';
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
