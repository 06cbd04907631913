import { MAX_ROWS, readAnswer } from '../../../src/azure/log-analytics/answer';

const columns = [
  { name: 'Host', type: 'string' },
  { name: 'Count', type: 'long' },
];
const table = { name: 'PrimaryResult', columns, rows: [['ex01', 1]] };

const read = (body: unknown): ReturnType<typeof readAnswer> =>
  readAnswer({ status: 200, body: typeof body === 'string' ? body : JSON.stringify(body), retryAfterMs: undefined });

describe('a whole answer', () => {
  it.each([
    ['has the primary result alone', { tables: [table] }],
    ['has one table of another name', { tables: [{ ...table, name: 'Table_0' }] }],
    ['has the primary result beside other tables', { tables: [{ ...table, name: 'Table_1', rows: [] }, table] }],
    ['has statistics beside the table, and an error that is null', { tables: [table], statistics: {}, error: null }],
  ])('%s', (_, body) => {
    expect(read(body)).toEqual({ kind: 'whole', table: { columns, rows: [['ex01', 1]] } });
  });

  it('may have no rows', () => {
    expect(read({ tables: [{ ...table, rows: [] }] })).toEqual({ kind: 'whole', table: { columns, rows: [] } });
  });

  it('gives cells as they were sent', () => {
    const cells = ['2026-03-10T10:00:00.1234567Z', '{"a":[1,null]}', 'NaN', 'null', -1.5, true, false, null, { nested: 1 }];
    const wide = {
      name: 'PrimaryResult',
      columns: cells.map((_, index) => ({ name: `c${index}`, type: index < 2 ? 'datetime' : 'dynamic' })),
      rows: [cells],
    };
    expect(read({ tables: [wide] })).toMatchObject({ kind: 'whole', table: { rows: [cells] } });
  });
});

describe('an answer that is malformed', () => {
  it.each([
    ['is empty', ''],
    ['is blank', ' \n'],
    ['is not JSON', '<html>'],
    ['breaks off', JSON.stringify({ tables: [table] }).slice(0, -3)],
    ['is an array', [table]],
    ['is null', 'null'],
    ['has no tables', {}],
    ['has an empty list of tables', { tables: [] }],
    ['has two primary results', { tables: [table, table] }],
    [
      'has two tables, none of them primary',
      {
        tables: [
          { ...table, name: 'A' },
          { ...table, name: 'B' },
        ],
      },
    ],
    ['has null among its tables', { tables: [null, table, table] }],
    ['has a table without columns', { tables: [{ name: 'PrimaryResult', rows: [] }] }],
    ['has a column that is null', { tables: [{ ...table, columns: [null, columns[1]] }] }],
    ['has a column without a name', { tables: [{ ...table, columns: [{ type: 'string' }, columns[1]] }] }],
    ['has a column without a type', { tables: [{ ...table, columns: [{ name: 'Host' }, columns[1]] }] }],
    ['has a table without rows', { tables: [{ name: 'PrimaryResult', columns }] }],
    ['has a row that is too short', { tables: [{ ...table, rows: [['ex01', 1], ['ex02']] }] }],
    ['has a row that is too long', { tables: [{ ...table, rows: [['ex01', 1, 2]] }] }],
    ['has a row that is no list', { tables: [{ ...table, rows: [{ 0: 'ex01', 1: 1, length: 2 }] }] }],
  ])('%s', (_, body) => {
    expect(read(body)).toMatchObject({ kind: 'failed', code: 'malformed', retry: true });
  });
});

it.each([
  [MAX_ROWS - 1, 'whole'],
  [MAX_ROWS, 'too-large'],
])('%d rows are %s', (count, kind) => {
  const body = `{"tables":[{"name":"PrimaryResult","columns":[],"rows":[${Array.from({ length: count }, () => '[]').join(',')}]}]}`;
  expect(read(body).kind).toBe(kind);
});

it('finds the words for too much in an error alone, never in a row', () => {
  const rows = [['E_QUERY_RESULT_SET_TOO_LARGE', 1]];
  expect(read({ tables: [{ ...table, rows }] })).toMatchObject({ kind: 'whole' });
  expect(read({ tables: [{ ...table, rows }], error: { code: 'PartialError' } })).toMatchObject({ kind: 'failed', code: 'partial' });
});

it.each([{}, { code: 1 }, 'PartialError', [], true])('takes any error, here %j, for an answer in part', (error) => {
  expect(read({ tables: [table], error })).toMatchObject({ kind: 'failed', code: 'partial' });
});

it.each([
  [204, 'no-source', undefined],
  [400, 'bad-request', false],
  [401, 'unauthorized', false],
  [403, 'forbidden', false],
  [404, 'not-found', false],
  [408, 'timeout', true],
  [413, 'too-large', undefined],
  [418, 'unexpected-status', false],
  [429, 'throttled', true],
  [499, 'unexpected-status', false],
  [500, 'server-error', true],
  [501, 'server-error', false],
  [504, 'too-large', undefined],
  [505, 'server-error', false],
])('tells by the status alone what may be done: %d is %s', (status, kind, retry) => {
  const verdict = readAnswer({ status, body: '', retryAfterMs: undefined });
  expect(verdict.kind === 'failed' ? [verdict.code, verdict.retry] : [verdict.kind, undefined]).toEqual([kind, retry]);
});

it('takes an unknown table for a missing source only where the error is a semantic one', () => {
  const message = "Unknown function: 'x'";
  const body = JSON.stringify({ error: { code: 'BadArgumentError', innererror: { code: 'SyntaxError', message } } });
  expect(readAnswer({ status: 400, body, retryAfterMs: undefined })).toMatchObject({ kind: 'failed', code: 'bad-request', retry: false });
});

it('takes an unknown table for a missing source only where the status says that the query was read', () => {
  const message = "Unknown function: 'x'";
  const body = JSON.stringify({ error: { code: 'BadArgumentError', innererror: { code: 'SemanticError', message } } });
  const codeOf = (status: number): unknown => {
    const verdict = readAnswer({ status, body, retryAfterMs: undefined });
    return verdict.kind === 'failed' ? verdict.code : verdict.kind;
  };
  expect([400, 403, 500].map(codeOf)).toEqual(['no-source', 'forbidden', 'server-error']);
});

it('puts a long message on one line and cuts it', () => {
  const message = `line\n${'x'.repeat(1000)}`;
  const body = JSON.stringify({ error: { code: 'BadArgumentError', message } });
  const verdict = readAnswer({ status: 400, body, retryAfterMs: undefined });
  const reason = verdict.kind === 'failed' ? verdict.reason : '';
  expect(reason).toContain('line xxx');
  expect(reason.length).toBeLessThan(500);
});
