import { troublesOf } from '../../../src/app/troubles';
import type { BinFailure, CycleSummary, RuleReport } from '../../../src/hunt/summary';
import { instant } from '../../../src/value/instant';

const bin = (hour: number): BinFailure['bin'] => ({
  start: instant(`2026-03-10T${String(hour).padStart(2, '0')}:00:00Z`),
  end: instant(`2026-03-10T${String(hour + 1).padStart(2, '0')}:00:00Z`),
});

const failure = (hour: number, reason: string): BinFailure => ({ bin: bin(hour), range: bin(hour), code: 'forbidden', reason });

function linesOf(report: Partial<RuleReport>): readonly string[] {
  const summary = { ruleId: 'R', workspaceId: 'W' } as CycleSummary;
  const nothing = { failures: [], shrunk: [], noSource: undefined, unreachable: undefined, problems: [] };
  return troublesOf({ summary, ...nothing, ...report }).map(({ level, text }) => `${level} ${text}`);
}

describe('the troubles of a cycle', () => {
  it('are a line for each cause, however many bins it kept from being done', () => {
    expect(linesOf({ failures: [failure(9, 'No role.'), failure(7, 'Another.'), failure(8, 'No role.')] })).toEqual([
      'error rule R, workspace W, 2 bins, of 2026-03-10T08:00:00.0000000Z to 2026-03-10T09:00:00.0000000Z: forbidden: No role.',
      'error rule R, workspace W, bin 2026-03-10T07:00:00.0000000Z: forbidden: Another.',
    ]);
  });

  it('name the part of a bin that was asked for', () => {
    const range = { start: bin(7).start, end: instant('2026-03-10T07:30:00Z') };
    expect(linesOf({ failures: [{ ...failure(7, 'Too large.'), range }] })).toEqual([
      'error rule R, workspace W, bin 2026-03-10T07:00:00.0000000Z, range 2026-03-10T07:00:00.0000000Z to 2026-03-10T07:30:00.0000000Z: forbidden: Too large.',
    ]);
  });

  it('warn of a source that is missing or shrinks, and tell what else went wrong', () => {
    expect(linesOf({ shrunk: [bin(7)], noSource: 'No table.', unreachable: 'No hub.', problems: ['A blob is damaged.'] })).toEqual([
      'warn rule R, workspace W, bin 2026-03-10T07:00:00.0000000Z: fewer rows than before; what was reported stays as it is',
      'warn rule R, workspace W: no source: No table.',
      'error rule R, workspace W: No hub.',
      'error rule R, workspace W: A blob is damaged.',
    ]);
  });
});
