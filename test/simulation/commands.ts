import { backfillDay, backfillDays, planBackfill } from '../../src/hunt/backfill';
import { PortUnavailable } from '../../src/hunt/ports';
import { restoreLedger } from '../../src/hunt/restore';
import { formerlyShiftedProgram, shiftedProgram } from '../../src/hunt/shifted-program';
import type { CycleReport, RuleReport } from '../../src/hunt/summary';
import type { Command } from './history';
import type { Main } from './instance';
import { versionedLedger } from './simulated-ports';
import type { World } from './world';

/** What the command line does, over simulated ports. */

type Backfill = Command & { readonly kind: 'backfill' };

export function backfillOf({ from, to }: Backfill): Main {
  return {
    isRestore: false,
    run: async (ports, { deadline: _, ...options }, instance) => {
      const lanes = await planBackfill(ports, options, { start: from, end: to }).catch(() => undefined);
      if (lanes === undefined) {
        // As the row source does, when it has a bug or the command is stopped: then nothing was begun.
        instance.meet('command: backfill that cannot ask for the oldest rows');
        return nothing;
      }
      const rules: RuleReport[] = [];
      for (const day of backfillDays(lanes)) {
        const report = await backfillDay(ports, options, lanes, day);
        rules.push(...report.rules);
        if (report.rules.some(({ unreachable }) => unreachable !== undefined)) break;
      }
      return { rules, failure: undefined };
    },
  };
}

const nothing: CycleReport = { rules: [], failure: undefined };

export function restoreOf(world: World, forgotten: number): Main {
  return {
    isRestore: true,
    run: async ({ ledger, clock }, { workspaceIds, programs, startAt }, instance) => {
      const store = versionedLedger(instance, world, ledger, forgotten);
      const now = clock.now();
      const records = programs.flatMap((program) => [program, shiftedProgram(program) ?? formerlyShiftedProgram(program) ?? []].flat());
      try {
        for (const workspaceId of workspaceIds)
          for (const program of records)
            await restoreLedger({ store, workspaceId, program, startAt, now, dryRun: false, startOver: false });
      } catch (error) {
        if (!(error instanceof PortUnavailable)) throw error;
      }
      return nothing;
    },
  };
}
