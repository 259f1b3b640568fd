import type { Tongue } from './messages.ts';
import { backup } from './zh/backup.ts';
import { display } from './zh/display.ts';
import { errors } from './zh/errors.ts';
import { frame } from './zh/frame.ts';
import { lanes } from './zh/lanes.ts';
import { recipes } from './zh/recipes.ts';
import { settings } from './zh/settings.ts';
import { setup } from './zh/setup.ts';

export const zh: Tongue = { messages: { frame, lanes, display, recipes, settings, backup, setup }, errors };
