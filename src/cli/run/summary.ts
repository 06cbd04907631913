import { counted, grouped } from '../../value/counted';
import type { TableReport } from './table-report';

export interface RunFigures {
  /** By table. */
  readonly reports: ReadonlyMap<string, TableReport>;
  /** What came out, in words. */
  readonly written: readonly string[];
  readonly seconds: number;
}

export function problemsOf(reports: ReadonlyMap<string, TableReport>): number {
  return [...reports.values()].reduce((sum, { problems }) => sum + problems, 0);
}

/** What was not as the tables say, one line each, under the table's name. */
export function reportLines(reports: ReadonlyMap<string, TableReport>): readonly string[] {
  return [...reports].flatMap(([table, report]) => {
    const lines = report.lines();
    return lines.length === 0 ? [] : [`${table}:`, ...lines.map((line) => `  ${line}`)];
  });
}

/** One line on the whole run. */
export function summary({ reports, written, seconds }: RunFigures): string {
  const sum = (figure: (report: TableReport) => number): number =>
    [...reports.values()].reduce((total, report) => total + figure(report), 0);
  const rows = sum(({ rows: { rows: read } }) => read);
  const outside = sum(({ outsideRange }) => outsideRange);
  return [
    `${counted(rows, 'row')} read`,
    ...(outside === 0 ? [] : [`${grouped(outside)} outside --from and --to`]),
    `${grouped(sum(({ kept }) => kept))} kept by the rule's predicates`,
    ...written,
    counted(problemsOf(reports), 'problem'),
    `${seconds.toFixed(2)} s`,
    `${grouped(seconds > 0 ? rows / seconds : 0)} rows/s`,
  ].join(', ');
}
