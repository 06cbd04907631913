import { RowReport } from '../../../src/local/row-report';

it('says how many and where first', () => {
  const report = new RowReport();
  for (let line = 1; line <= 5; line += 1) {
    report.addProblem({ file: 'rows.ndjson', line, kind: 'event-time', detail: 'missing or null', column: 'TimeGenerated' });
  }
  report.addProblem({ file: 'rows.ndjson', line: 6, kind: 'cell', detail: 'not a long', column: 'Size' });
  report.addExtraColumn('Extra');
  expect(report.lines()).toEqual([
    '5 × no event time: row skipped',
    '  rows.ndjson:1: TimeGenerated: missing or null',
    '  rows.ndjson:2: TimeGenerated: missing or null',
    '  rows.ndjson:3: TimeGenerated: missing or null',
    '  and 2 more',
    "1 × a cell that is not of its column's type: read as empty",
    '  rows.ndjson:6: Size: not a long',
    'columns that the table does not have, not read: Extra (1)',
  ]);
});

it('stays small whatever the rows hold', () => {
  const report = new RowReport();
  for (let index = 0; index < 1000; index++) report.addExtraColumn(`column${index}`);
  expect(report.extraColumns.size).toBe(100);
  expect(report.lines()[0]).toMatch(/column99 \(1\) and more under other names \(900\)$/);
});
