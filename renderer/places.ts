import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Role } from '../station-core/contract/record.ts';
import { Lanes } from './screens/lanes.tsx';

/** A screen: what may open it, and what draws it. Its name stands in the messages: `frame.places`. */
type Place = {
  /** Who sees it in the menu; the station decides every call anyway (contract/roles.ts). */
  readonly for: readonly Role[];
  readonly screen: ComponentType | LazyExoticComponent<ComponentType>;
};

const everyone: readonly Role[] = ['technician', 'lead', 'security-officer', 'auditor'];
const desk: readonly Role[] = ['lead', 'security-officer', 'auditor'];

/** Every screen, in the order of the menu. All but the lanes are fetched when they are opened. */
export const places = {
  lanes: { for: everyone, screen: Lanes },
  orders: { for: everyone, screen: lazy(() => import('./screens/orders/orders.tsx')) },
  units: { for: everyone, screen: lazy(() => import('./screens/units/units.tsx')) },
  recipes: { for: everyone, screen: lazy(() => import('./screens/recipes/recipes.tsx')) },
  labels: { for: everyone, screen: lazy(() => import('./screens/labels/labels.tsx')) },
  cloud: { for: everyone, screen: lazy(() => import('./screens/cloud/cloud.tsx')) },
  audit: { for: desk, screen: lazy(() => import('./screens/audit/audit.tsx')) },
  hsm: { for: desk, screen: lazy(() => import('./screens/hsm/hsm.tsx')) },
  issuers: { for: desk, screen: lazy(() => import('./screens/issuers/issuers.tsx')) },
  certificates: { for: desk, screen: lazy(() => import('./screens/certificates/certificates.tsx')) },
  people: { for: desk, screen: lazy(() => import('./screens/people/people.tsx')) },
  settings: { for: desk, screen: lazy(() => import('./screens/settings/settings.tsx')) },
  backup: { for: desk, screen: lazy(() => import('./screens/backup/backup.tsx')) },
  shift: { for: everyone, screen: lazy(() => import('./screens/shift/shift.tsx')) },
  help: { for: everyone, screen: lazy(() => import('./screens/help/help.tsx')) },
  display: { for: everyone, screen: lazy(() => import('./screens/display/display.tsx')) },
} as const satisfies Record<string, Place>;

export type PlaceName = keyof typeof places;

/** The screens that a role sees. */
export const placesOf = (role: Role): readonly PlaceName[] =>
  (Object.keys(places) as PlaceName[]).filter((name) => places[name].for.includes(role));
