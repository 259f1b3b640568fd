import { isMethod } from './contract/api.ts';
import { asStationError, StationError } from './contract/errors.ts';
import type { StationEvent } from './contract/events.ts';
import { type Outgoing, type Port, type Request, serve } from './contract/rpc.ts';
import { mayHave } from './scans.ts';
import type { Station } from './station.ts';

/** The most events that a client may be behind; one that is further behind asks for the view again. */
const furthestBehind = 10_000;

/** What a page asks by itself, whether somebody is there or not. */
const looksOn: ReadonlySet<string> = new Set(['station.view', 'events.follow']);

/** Serves a station to one client over a port, until the port closes. */
export function serveStation(station: Station, port: Port): void {
  const send = (message: Outgoing) => port.send(message);
  const stops: (() => void)[] = [];
  const unfollow = () => {
    for (const stop of stops.splice(0)) stop();
  };
  // A second person who agrees comes and goes over the same port; events go on as long as whoever asked for them stays.
  let following: string | undefined;
  let release: (() => void) | undefined;
  port.onClose(() => {
    unfollow();
    release?.();
  });

  const follow = (since: number, session: string): void => {
    unfollow();
    const { journal } = station.records;
    // Read and subscribe in one turn of the event loop: nothing becomes durable in between.
    for (const event of journal.since(since, furthestBehind)) send({ event });
    stops.push(journal.onEvent((event: StationEvent) => send({ event })));
    stops.push(station.onProgress((progress) => send({ progress })));
    stops.push(
      station.operators.onEnded((ended, _, why) => {
        if (ended !== session) return;
        unfollow();
        send({ progress: { type: 'session', ended: why } });
      }),
    );
    following = session;
  };

  const takeScans = (session: string | undefined): void => {
    release = station.scans.to((scan) => {
      const mine = mayHave(scan, station.operators.actor(session) !== undefined);
      if (mine) send({ progress: { type: 'scan', ...scan } });
      return mine;
    });
  };

  const answer = async ({ call, params, session, approval }: Request): Promise<unknown> => {
    const { operators } = station;
    const actor = operators.actor(session);
    if (!looksOn.has(call)) operators.use(session);
    if (!isMethod(call)) throw await station.unknown(call, actor);
    const result = await station.call(call, params, { actor, approval });
    if (call === 'operators.signOut' && session !== undefined) {
      operators.signOut(session);
      if (session === following) unfollow();
    }
    if (call === 'events.follow' && session !== undefined)
      follow(sinceOf(params, station.records.journal.newest()), session);
    if (call === 'scanners.take') takeScans(session);
    return result;
  };
  serve(port, answer, (thrown) => asStationError(thrown, () => station.parts.log.incident(thrown)));
}

/** Where a client wants to go on; the parameters were parsed by the call itself. */
function sinceOf(params: unknown, newest: number): number {
  const { since } = params as { since: number };
  if (since <= newest && newest - since <= furthestBehind) return since;
  const expected = `a number from ${Math.max(0, newest - furthestBehind)} to ${newest}`;
  throw new StationError('input.invalid', { place: 'events.follow.since', expected, found: `the number ${since}` });
}
