import { afterHandlers } from './after-handlers.ts';
import { anchorHandlers, auditView } from './anchor-handlers.ts';
import { warningsOf } from './attestation/registry.ts';
import { auditHandlers } from './audit-handlers.ts';
import { auditKeyHandlers } from './audit-key-handlers.ts';
import { backupHandlers } from './backup-handlers.ts';
import { bundleHandlers } from './bundle-handlers.ts';
import { caEndHandlers } from './ca-end-handlers.ts';
import { caHandlers } from './ca-handlers.ts';
import { caLookHandlers } from './ca-look-handlers.ts';
import { centralHandlers } from './central-handlers.ts';
import { certificateHandlers } from './certificate-handlers.ts';
import { clockHandlers } from './clock-handlers.ts';
import { checkCloud } from './cloud-check.ts';
import { api, isMethod, type Method, type Operation, type Params, type Result } from './contract/api.ts';
import { StationError } from './contract/errors.ts';
import { parse } from './contract/parse.ts';
import type { Mode } from './contract/record.ts';
import { refusedRecipe } from './genuine/accept.ts';
import { groupHandlers } from './group-handlers.ts';
import { hsmHandlers } from './hsm-handlers.ts';
import { viewHsm } from './hsm-view.ts';
import { hubHandlers } from './hub-handlers.ts';
import { labelHandlers, printingView } from './label-handlers.ts';
import { laneHandlers } from './lane-handlers.ts';
import { lifecycleHandlers } from './lifecycle-handlers.ts';
import { lookUpHandlers } from './look-up-handlers.ts';
import { mesHandlers } from './mes-handlers.ts';
import { orderHandlers } from './order-handlers.ts';
import { parkedHandlers } from './parked-handlers.ts';
import { peopleHandlers } from './people-handlers.ts';
import { type By, people, person } from './person.ts';
import { privacyHandlers } from './privacy-handlers.ts';
import { programHandlers } from './program-handlers.ts';
import { recipeHandlers } from './recipe-handlers.ts';
import { reconcileHandlers } from './reconcile-handlers.ts';
import { secretHandlers } from './secret-handlers.ts';
import { settingsHandlers } from './settings-handlers.ts';
import type { Station } from './station.ts';
import { storeHandlers } from './store-handlers.ts';
import { syncLookHandlers } from './sync-look-handlers.ts';
import { tpmHandlers } from './tpm-handlers.ts';
import { requireTargets } from './uploads.ts';
import { version } from './version.ts';

/** One handler for every call; the compiler asks for the missing ones. */
export type Handlers = { readonly [M in Method]: (params: Params<M>, by: By) => Promise<Result<M>> };

/** The calls of the contract, done by the parts of the station. */
export function handlers(station: Station): Handlers {
  const { records, operators, approvals, orders, lanes, pump } = station;
  return {
    ...peopleHandlers(station),
    'approvals.approve': async ({ method, params }, by) => {
      if (!isMethod(method)) throw new StationError('input.unknown-call', { method: method.slice(0, 64) });
      // Parsed like the call itself, so that both people mean the same bytes.
      const operation = { method, params: parse(api[method].params, params, method) as Operation['params'] };
      return { approval: await approvals.approve(operation, person(by)) };
    },
    'station.describe': () => describe(station),
    'station.view': async () => ({
      hsm: await viewHsm(station),
      n: records.journal.newest(),
      lanes: lanes.view(),
      orders: records.units.orders(),
      backlog: records.outbox.backlog(),
      sync: pump.state,
      audit: auditView(station),
      scanners: station.scans.view(),
      lights: station.lights.view(),
      ...printingView(station),
    }),
    'events.follow': async () => ({ next: records.journal.newest() }),
    'recipes.approve': async ({ recipe }, by) => {
      refuseLax(station.row.mode, recipe);
      const hash = await orders.approve(recipe, people(operators, by));
      return { hash, warnings: warningsOf(recipe) };
    },
    ...orderHandlers(station),
    ...afterHandlers(station),
    'run.abort': async ({ run }, by) => {
      // The run ends also where the disk does not take the entry: then it cannot be sealed either.
      const lane = lanes.abort(run, person(by).name);
      await note(station, 'run.abort-asked', by, { lane, run });
      return null;
    },
    'run.show': async ({ run }) => {
      const shown = records.journal.run(run);
      if (!shown) throw new StationError('run.unknown', { run });
      return shown;
    },
    ...programHandlers(station),
    'sync.run': async (_, by) => {
      await note(station, 'sync.asked', by);
      const backlog = await pump.run();
      requireTargets(station);
      return backlog;
    },
    'sync.parked': async () => records.outbox.parked(1_000),
    'sync.check': () => checkCloud(station.parts),
    ...auditKeyHandlers(station),
    ...clockHandlers(station),
    ...auditHandlers(station),
    ...hsmHandlers(station),
    ...caHandlers(station),
    ...caEndHandlers(station),
    ...caLookHandlers(station),
    ...certificateHandlers(station),
    ...storeHandlers(station),
    ...centralHandlers(station),
    ...hubHandlers(station),
    ...secretHandlers(station),
    ...mesHandlers(station),
    ...tpmHandlers(station),
    ...lifecycleHandlers(station),
    ...groupHandlers(station),
    ...parkedHandlers(station),
    ...reconcileHandlers(station),
    ...syncLookHandlers(station),
    ...lookUpHandlers(station),
    ...bundleHandlers(station),
    ...anchorHandlers(station),
    ...privacyHandlers(station),
    ...backupHandlers(station),
    ...recipeHandlers(station),
    ...settingsHandlers(station),
    ...laneHandlers(station),
    ...labelHandlers(station),
    'scanners.take': async () => station.scans.recall(),
  };
}

/** An act of a person that has no more to say. */
async function note(
  { records, audit, operators }: Station,
  action: 'run.abort-asked' | 'sync.asked',
  by: By,
  about: { readonly lane?: number; readonly run?: number } = {},
): Promise<void> {
  await records.commits.commit(() => audit.append({ action, result: 'ok', ...people(operators, by), ...about }));
}

async function describe({ row, parts, operators }: Station): Promise<Result<'station.describe'>> {
  const { station, mode } = row;
  const { state: hsm } = await parts.hsm.status();
  return {
    station,
    hsm,
    mode,
    version,
    scanning: parts.scanning ?? { checksum: 'none' },
    // Whoever chose another PIN has no button any more: the ready-made one would lock them.
    practice: (parts.practice?.people ?? []).filter(({ name }) => operators.hasGivenPin(name)),
    labels: parts.practice?.labels() ?? [],
  };
}

/** Two people should not agree to a recipe whose units production refuses. */
function refuseLax(mode: Mode, { tpm }: Params<'orders.create'>['recipe']): void {
  const error = tpm && refusedRecipe(tpm.genuine, mode);
  if (error) throw new StationError(error.code, error.details);
}
