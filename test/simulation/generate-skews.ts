import type { Command, History, Run } from './history';
import type { Random } from './random';

/** Now and then the clocks of instances differ, most by seconds and some by a few minutes: so one that begins later may believe that it is earlier. */
export function withSkews(random: Random, history: History): History {
  if (!random.chance(0.3)) return history;
  const skewed = (run: Run): Run => {
    if (!random.chance(0.6)) return run;
    const most = random.pick([5, 5, 60, MOST]);
    return { ...run, skew: random.int(1, most) * random.pick([-1, 1]) };
  };
  const commanded = (command: Command): Command =>
    command.kind === 'damage' ? command : { ...command, run: skewed(command.run), beside: command.beside.map(skewed) };
  return {
    ...history,
    ticks: history.ticks.map((tick) => ({ ...tick, runs: tick.runs.map(skewed) })),
    commands: history.commands.map(commanded),
  };
}

/** Seconds. */
const MOST = 240;
