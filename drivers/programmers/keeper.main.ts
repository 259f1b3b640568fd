// The process that stands between the station and a programmer, forked by external.ts: it reads what the programmer prints, however much
// that is, ends it at its deadline, and ends it with everything that it started when the station is gone.
import type { FromKeeper, ToKeeper } from './keeper-messages.ts';
import { Watched } from './watched.ts';

/** People see no more than this many percents a second; a program may print thousands. */
const percentEveryMs = 200;

let watched: Watched | undefined;
let told = { percent: -1, at: Number.NEGATIVE_INFINITY };

process.on('message', (message: ToKeeper) => {
  switch (message.type) {
    case 'run':
      void keep(message);
      return;
    case 'stop':
      watched?.stop();
      return;
  }
});

process.on('disconnect', () => void abandon());

/** A failure of this process is the end of the programmer, too: the station sees it go, and ends what is left. */
async function keep({ path, job, temporary }: Extract<ToKeeper, { type: 'run' }>): Promise<void> {
  watched = new Watched(path, job, tell);
  const ended = await watched.run(temporary, (started) => send({ type: 'started', ...started }));
  process.send?.({ type: 'ended', ended } satisfies FromKeeper, undefined, undefined, () => process.exit());
}

function tell(percent: number): void {
  const [whole, now] = [Math.floor(percent), performance.now()];
  if (whole === told.percent || (now - told.at < percentEveryMs && whole !== 100)) return;
  told = { percent: whole, at: now };
  send({ type: 'percent', percent: whole });
}

function send(message: FromKeeper): void {
  // A station that is gone is noticed by `disconnect`.
  process.send?.(message, undefined, undefined, () => undefined);
}

async function abandon(): Promise<void> {
  await watched?.kill();
  // The folder goes when the programmer has ended; who cannot be ended must not keep this process.
  setTimeout(() => process.exit(), 5_000);
}
