import { readFileSync } from 'node:fs';
import { blockNames, regenerate } from '../../../src/cli/docs/kusto-page';
import { signatureLines } from '../../../src/cli/docs/signatures';
import { aggregationFunctions } from '../../../src/functions/aggregates';
import { scalarFunctions } from '../../../src/functions/scalar';
import { windowFunctions } from '../../../src/functions/window';
import { tabularOperators } from '../../../src/kql/operators-table';
import { parseQuery } from '../../../src/kql/parse';
import { operatorSyntax } from '../../../src/kql/read-operator';
import { databaseOf } from '../../../src/plan/compile-rule';
import { compileText, schemasOf, table } from '../../support/compile';

const schemas = schemasOf(table('T', { Time: 'datetime', Host: 'string', Count: 'int', Bag: 'dynamic' }));
const page = readFileSync('docs/kusto.md', 'utf8');

/** The codes of what is said of a query. */
async function codesOf(query: string): Promise<readonly string[]> {
  const { problems } = await parseQuery(query, databaseOf(schemas));
  return problems.map(({ code }) => code);
}

describe('docs/kusto.md', () => {
  it('is what `npm run docs` writes: run it after a change of an operator or a function', () => {
    expect(regenerate(page)).toBe(page);
  });

  it('shows every table that is generated', () => {
    for (const name of blockNames) expect(page).toContain(`<!-- generated: ${name} -->`);
  });

  it('cannot name a table that there is not', () => {
    expect(() => regenerate('<!-- generated: colours -->\n<!-- end -->')).toThrow('nothing is generated as "colours"');
  });
});

describe('the table of tabular operators', () => {
  it('lists each operator that is read, and no other', () => {
    const elsewhere = [
      'UnionOperator',
      'AsOperator',
      'InvokeOperator',
      'PrintOperator',
      'RangeOperator',
      'DataTableExpression',
      'MaterializeExpression',
      'ToScalarExpression',
    ];
    expect(tabularOperators.map(({ syntax }) => syntax).sort()).toEqual([...operatorSyntax, ...elsewhere].sort());
  });

  it.each(tabularOperators)('is right that $name runs: $example', async ({ name, example }) => {
    await expect(compileText(example, schemas)).resolves.toBeDefined();
    expect(name.split(', ').some((each) => example.includes(each))).toBe(true);
  });

  it.each(['filter', 'order', 'limit'])('is right about the other name %s', async (name) => {
    const rest = { filter: 'Count > 1', order: 'by Host', limit: '1' }[name];
    await expect(compileText(`T | ${name} ${rest ?? ''}`, schemas)).resolves.toBeDefined();
  });

  const kinds = tabularOperators.find(({ name }) => name === 'join')?.meaning.match(/\b(inner|left|right|full|anti)\w*/g) ?? [];
  it.each([...new Set(kinds)])('is right that there are joins of kind %s', async (kind) => {
    await expect(compileText(`T | join kind=${kind} (T) on Host`, schemas)).resolves.toBeDefined();
  });

  it.each([
    'T | evaluate bag_unpack(Bag)',
    'T | make-series count() on Time step 1h',
    'T | top-nested 1 of Host by count()',
    'T | partition by Host (take 1)',
    'T | search "x"',
    'find "x"',
    'T | fork (take 1) (take 2)',
    'T | facet by Host',
    'T | sample 1',
    'T | as X | join (X) on Host',
    'T | reduce by Host',
    'T | sample-distinct 1 of Host',
    'T | parse-kv Host as (a: string)',
    'T | getschema',
    'T | consume',
    'externaldata (a: string) ["x"]',
  ])('leaves out what is refused: %s', async (query) => {
    expect(await codesOf(query)).toContain('KQL001');
  });
});

describe('every function of the tables', () => {
  const calls = [...scalarFunctions.values()].filter(({ notation, name }) => notation === 'call' && name !== 'not').map(({ name }) => name);
  const windows = [...windowFunctions.keys()].map((name) => `T | serialize X = ${name}()`);
  const aggregates = [...aggregationFunctions.keys()].filter((name) => name !== 'row_any').map((name) => `T | summarize ${name}()`);

  it('is one of Kusto, by its parser', async () => {
    const unknown: string[] = [];
    for (const query of [...calls.map((name) => `print ${name}()`), ...windows, ...aggregates])
      if ((await codesOf(query)).includes('KS211')) unknown.push(query);
    expect(unknown).toEqual([]);
    expect(await codesOf('print no_such_function()')).toContain('KS211');
  });
});

describe('a signature', () => {
  it.each([
    [[{ parameters: ['string'], result: 'long' }], ['(string) → long']],
    [
      [
        { parameters: ['int', 'int'], result: 'bool' },
        { parameters: ['long', 'long'], result: 'bool' },
        { parameters: ['dynamic', 'long'], result: 'bool' },
      ],
      ['(T, T) → bool; T: int, long', '(dynamic, long) → bool'],
    ],
    [
      [
        { parameters: ['int', 'bool'], result: 'bool' },
        { parameters: ['int', 'real'], result: 'real' },
        { parameters: ['long', 'bool'], result: 'bool' },
        { parameters: ['long', 'real'], result: 'real' },
      ],
      ['(T, U) → U; T: int, long; U: bool, real'],
    ],
    [[{ parameters: ['string'], rest: 'any', result: 'string' }], ['(string, any …) → string']],
    [[{ parameters: ['long'], pairs: ['bool', 'long'], result: 'long' }], ['(bool, long, …, long) → long']],
  ] as const)('is as short as it is exact', (overloads, lines) => {
    expect(signatureLines(overloads)).toEqual(lines);
  });
});
