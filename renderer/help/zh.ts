import type { Pages } from './page.ts';
import { airGap } from './zh/air-gap.ts';
import { ca } from './zh/ca.ts';
import { cloud } from './zh/cloud.ts';
import { overConsole } from './zh/console.ts';
import { hsm } from './zh/hsm.ts';
import { lanes } from './zh/lanes.ts';
import { orders } from './zh/orders.ts';
import { packing } from './zh/packing.ts';
import { people } from './zh/people.ts';
import { printing } from './zh/printing.ts';
import { programmers } from './zh/programmers.ts';
import { scanners } from './zh/scanners.ts';
import { station } from './zh/station.ts';
import { tpm } from './zh/tpm.ts';
import { units } from './zh/units.ts';

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
