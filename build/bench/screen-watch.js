// Runs in the page that is measured, before anything of ours: notes when what the station said, or a scan, is on the screen.
// Times go into buckets of a millisecond, so that watching for hours takes no memory of the page.
(() => {
  const buckets = () => new Array(2_000).fill(0);
  const noTimes = () => ({ scans: buckets(), events: buckets(), longTasks: buckets() });
  const watch = {
    times: noTimes(),
    forget() {
      watch.times = noTimes();
    },
  };
  window.screenWatch = watch;
  const note = (times, ms) => {
    times[Math.min(times.length - 1, Math.max(0, Math.round(ms)))]++;
  };

  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) note(watch.times.longTasks, duration);
  }).observe({ type: 'longtask', buffered: true });

  const verdicts = new Set(['passed', 'failed', 'errored', 'aborted', 'indeterminate']);
  /** What is waited for: a serial on its lane's tile, with a verdict or without; `from` in milliseconds of `performance`. */
  const pending = new Set();
  const isShown = ({ lane, serial, closed }) => {
    const tile = document.querySelector(`[data-lane="${lane}"]`);
    if (!tile?.textContent.includes(serial)) return false;
    return !closed || verdicts.has(tile.dataset.look);
  };
  // What the document says before a frame is painted with it: a message posted from there comes after the paint.
  const painted = new MessageChannel();
  const shown = [];
  painted.port1.onmessage = () => {
    for (const { from, times } of shown.splice(0)) note(times, performance.now() - from);
  };
  let looking = false;
  const look = () => {
    for (const one of pending) {
      if (!isShown(one)) continue;
      pending.delete(one);
      shown.push(one);
    }
    if (shown.length > 0) painted.port2.postMessage(undefined);
    looking = pending.size > 0;
    if (looking) requestAnimationFrame(look);
  };
  const await_ = (one) => {
    // A lane shows one unit at a time: what it showed before is not waited for any more.
    for (const before of pending) if (before.lane === one.lane) pending.delete(before);
    pending.add(one);
    if (!looking) requestAnimationFrame(look);
    looking = true;
  };

  /** The scan whose Enter comes next. */
  let scan;
  window.expectScan = (lane, serial) => {
    scan = { lane, serial };
  };
  window.addEventListener(
    'keydown',
    ({ key, timeStamp }) => {
      if (key !== 'Enter' || !scan) return;
      await_({ ...scan, from: timeStamp, times: watch.times.scans });
      scan = undefined;
    },
    { capture: true },
  );

  const runs = new Map();
  const heard = ({ run, event }) => {
    const from = Date.parse(event.at) - performance.timeOrigin;
    if (event.type === 'opened') {
      const { lane, serial } = event;
      runs.set(run, { lane, serial });
      await_({ lane, serial, from, times: watch.times.events });
    } else if (event.type === 'closed' && runs.has(run)) {
      await_({ ...runs.get(run), closed: true, from, times: watch.times.events });
      runs.delete(run);
    }
  };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        if (!/"type":"(opened|closed)"/.test(data)) return;
        const { event } = JSON.parse(data);
        if (event?.run !== undefined) heard(event);
      });
    }
  };
})();
