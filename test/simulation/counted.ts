import type { CycleSummary } from '../../src/hunt/summary';

/** What was done for one workspace and rule, as it was seen from outside the program. */
export interface Counts {
  new: number;
  revised: number;
  withdrawn: number;
  excluded: number;
  refused: number;
  done: number;
  final: number;
  requests: number;
  rows: number;
  throttledMs: number;
}

export type Counted = keyof Counts;

/** Counts by workspace and rule. */
export class Counter {
  private readonly byLane = new Map<string, Counts>();

  count(workspace: string, rule: string, what: Counted, times: number = 1): void {
    this.of(workspace, rule)[what] += times;
  }

  of(workspace: string, rule: string): Counts {
    const key = `${workspace}/${rule}`;
    const counts = this.byLane.get(key) ?? none();
    this.byLane.set(key, counts);
    return counts;
  }

  clear(): void {
    this.byLane.clear();
  }
}

function none(): Counts {
  return { new: 0, revised: 0, withdrawn: 0, excluded: 0, refused: 0, done: 0, final: 0, requests: 0, rows: 0, throttledMs: 0 };
}

/** What a cycle says that it did, against what was seen. */
export function miscounted({ incidents, bins, requests, rows, throttledMs }: CycleSummary, seen: Counts): readonly string[] {
  const { pending: _, ...changes } = incidents;
  const said: Counts = { ...changes, done: bins.done, final: bins.final, requests, rows, throttledMs };
  const names = Object.keys(said) as Counted[];
  return names.flatMap((name) => (said[name] === seen[name] ? [] : [`counts ${said[name]} as ${name}, and ${seen[name]} were`]));
}
