import { airGap } from './en/air-gap.ts';
import { ca } from './en/ca.ts';
import { cloud } from './en/cloud.ts';
import { overConsole } from './en/console.ts';
import { hsm } from './en/hsm.ts';
import { lanes } from './en/lanes.ts';
import { orders } from './en/orders.ts';
import { packing } from './en/packing.ts';
import { people } from './en/people.ts';
import { printing } from './en/printing.ts';
import { programmers } from './en/programmers.ts';
import { scanners } from './en/scanners.ts';
import { station } from './en/station.ts';
import { tpm } from './en/tpm.ts';
import { units } from './en/units.ts';
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
