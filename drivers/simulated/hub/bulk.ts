import { HubError } from './errors.ts';
import { create, inputOf, remove, update } from './identities.ts';
import type { Hub } from './instance.ts';
import type { Answer } from './route.ts';
import { checkTwin, type Item, ItemSchema, type importModes, parsed } from './schemas.ts';

const MOST_ITEMS = 100;

type Act = (hub: Hub, item: Item) => void;

const exists = (hub: Hub, { id, moduleId }: Item): boolean => hub.store.find(id, moduleId) !== undefined;

const tagOf = ({ eTag }: Item): string => {
  if (eTag === undefined) throw new HubError('PreconditionFailed');
  return eTag;
};

/** What each mode does with an item (dps-reference 10.3); modes may be mixed in one call. */
const modes: Record<(typeof importModes)[number], Act> = {
  create: (hub, item) => void create(hub, inputOf(item)),
  update: (hub, item) => void update(hub, inputOf(item), undefined),
  updateIfMatchETag: (hub, item) => void update(hub, inputOf(item), tagOf(item)),
  createOrUpdate: (hub, item) => (exists(hub, item) ? modes.update : modes.create)(hub, item),
  createOrUpdateIfMatchETag: (hub, item) => (exists(hub, item) ? modes.updateIfMatchETag : modes.create)(hub, item),
  delete: (hub, { id, moduleId }) => remove(hub, id, moduleId, undefined),
  deleteIfMatchETag: (hub, item) => remove(hub, item.id, item.moduleId, tagOf(item)),
};

/** Runs a bulk call. It is not transactional: good items stay, bad ones are listed. What makes the call itself unusable is refused. */
export function runBulk(hub: Hub, body: unknown): Answer {
  if (!Array.isArray(body) || body.length === 0)
    throw new HubError('ArgumentInvalid', 'body: expected a list of devices');
  if (body.length > MOST_ITEMS) throw new HubError('TooManyDevices');
  const items = body.map((item) => parsed(ItemSchema, item));
  if (new Set(items.map(({ id }) => id)).size < items.length) throw new HubError('DeviceDefinedMultipleTimes');
  const { errorCodes, bulkFailure } = hub.switches;
  const errors = hub.store.together(() =>
    items.flatMap((item) => {
      const failure = attempt(() => {
        checkTwin('tags', item.tags);
        checkTwin('desired', item.properties?.desired ?? {});
        modes[item.importMode](hub, item);
      });
      if (!failure) return [];
      const { id: deviceId, moduleId = '' } = item;
      const errorCode = errorCodes === 'names' ? failure.refusal : failure.code;
      return [{ deviceId, moduleId, errorCode, errorStatus: failure.message, operation: item.importMode }];
    }),
  );
  return {
    status: errors.length === 0 ? 200 : bulkFailure,
    body: { isSuccessful: errors.length === 0, errors, warnings: [] },
  };
}

function attempt(act: () => void): HubError | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof HubError) return error;
    throw error;
  }
}
