import { backup } from './es/backup.ts';
import { display } from './es/display.ts';
import { errors } from './es/errors.ts';
import { frame } from './es/frame.ts';
import { lanes } from './es/lanes.ts';
import { recipes } from './es/recipes.ts';
import { settings } from './es/settings.ts';
import { setup } from './es/setup.ts';
import type { Tongue } from './messages.ts';

export const es: Tongue = { messages: { frame, lanes, display, recipes, settings, backup, setup }, errors };
