import type { History, Run, Tick } from './history';

/** No more tries than that: a short history is for people, and need not be the shortest. */
const MAX_TRIES = 600;

/** Leaves out of a failing history what is not needed for it to fail: ticks, conditions, deployments, rows, faults, crashes. */
export async function shrink(history: History, fails: (shorter: History) => Promise<boolean>): Promise<History> {
  let tries = 0;
  let best = history;
  const better = async (shorter: History): Promise<boolean> => {
    tries += 1;
    if (tries > MAX_TRIES || !(await fails(shorter))) return false;
    best = shorter;
    return true;
  };
  for (let before: History | undefined; before !== best && tries <= MAX_TRIES;) {
    before = best;
    for (const list of ['conditions', 'commands', 'deployments', 'ticks', 'rows'] as const) {
      await leaveOut(best[list].length, (kept) => better({ ...best, [list]: kept<unknown>(best[list]) }));
    }
    for (let index = 0; index < best.ticks.length; index += 1) await simplerTick(() => best, index, better);
    if (best.latency > 0) await better({ ...best, latency: 0 });
  }
  return best;
}

type Keep = <T>(items: readonly T[]) => readonly T[];

/** Tries without halves, then quarters, and so on down to single items. */
async function leaveOut(count: number, tryWithout: (kept: Keep) => Promise<boolean>): Promise<void> {
  let left = count;
  for (let size = Math.max(1, Math.floor(count / 2)); size >= 1; size = size === 1 ? 0 : Math.floor(size / 2)) {
    for (let at = 0; at < left;) {
      const from = at;
      const isOut = await tryWithout((items) => items.filter((_, index) => index < from || index >= from + size));
      if (isOut) left -= Math.min(size, left - from);
      else at += size;
    }
  }
}

async function simplerTick(current: () => History, index: number, better: (shorter: History) => Promise<boolean>): Promise<void> {
  const put = (change: (tick: Tick) => Tick): Promise<boolean> =>
    better({ ...current(), ticks: current().ticks.map((tick, at) => (at === index ? change(tick) : tick)) });
  const runs = current().ticks[index]?.runs ?? [];
  if (runs.length > 1)
    for (const drop of [1, 0]) if (await put((tick) => ({ ...tick, runs: tick.runs.filter((_, at) => at !== drop) }))) break;
  for (let at = 0; at < (current().ticks[index]?.runs.length ?? 0); at += 1) {
    const change = (simpler: (run: Run) => Run): Promise<boolean> =>
      put((tick) => ({ ...tick, runs: tick.runs.map((run, which) => (which === at ? simpler(run) : run)) }));
    const run = current().ticks[index]?.runs[at];
    for (const member of ['skew', 'budget', 'death', 'hold', 'abort'] as const)
      if (run?.[member] !== undefined) await change(({ [member]: _, ...rest }) => rest);
    for (let fault = (run?.faults.length ?? 0) - 1; fault >= 0; fault -= 1) {
      await change((each) => ({ ...each, faults: each.faults.filter((_, which) => which !== fault) }));
    }
  }
}
