import { EvaluationLimit } from '../../src/engine/budget';
import { evaluate } from '../../src/engine/evaluate';
import { parseQuery } from '../../src/kql/parse';
import { compileQuery } from '../../src/plan/compile-query';
import { databaseOf } from '../../src/plan/compile-rule';
import { instant } from '../../src/value/instant';
import { processTable, schemasOf, sourceRows } from '../support/compile';

/** Queries made to exhaust their reader: each ends in a diagnostic, in a limit of the evaluation, or in rows. A hang fails by the test's time-out. */

const schemas = schemasOf(processTable);
const database = databaseOf(schemas);
const row = { TimeGenerated: '2026-03-10T10:00:00Z', Host: 'a', Account: 'b', Command: `${'a'.repeat(31)}!`, Pid: 1, Bag: { a: [1] } };

/** The code of the first problem, 'limit', or 'runs'. */
async function outcomeOf(text: string): Promise<string> {
  const { query, columns, problems } = await parseQuery(text, database);
  if (query === undefined) return problems[0]?.code ?? 'no diagnostic';
  const compiled = compileQuery(query, columns, database, schemas);
  if ('problem' in compiled) return compiled.problem.code;
  try {
    evaluate(compiled.whole, sourceRows(compiled.whole, { Proc: [row, row] }), { now: instant('2026-03-10T12:00Z') });
    return 'runs';
  } catch (error) {
    if (error instanceof EvaluationLimit) return 'limit';
    throw error;
  }
}

const times = <T>(count: number, make: (index: number) => T): readonly T[] => Array.from({ length: count }, (_, index) => make(index));
/** `let a0 = …; let a1 = … of a0; …` and then the last one's use. */
const chain = (count: number, first: string, next: (before: string) => string, use: (last: string) => string): string =>
  [`let a0 = ${first};`, ...times(count, (index) => `let a${index + 1} = ${next(`a${index}`)};`), use(`a${count}`)].join('\n');

describe('nesting', () => {
  it.each([
    ['ten thousand parentheses', `Proc | where ${'('.repeat(10_000)}true${')'.repeat(10_000)}`, 'KQL004'],
    ['as many parentheses as are read', `Proc | where ${'('.repeat(190)}true${')'.repeat(190)}`, 'runs'],
    ['brackets in strings and comments', `Proc | where Host == '${'('.repeat(1000)}' // ${'['.repeat(1000)}`, 'runs'],
    ['brackets in a string of several lines', `Proc | where Host == \`\`\`${'('.repeat(1000)}\`\`\``, 'runs'],
    ['brackets behind closed ones', `Proc | where Host has "]" ${')'.repeat(300)}${'('.repeat(300)}`, 'KQL004'],
    ['thousands of not()', `Proc | where ${'not('.repeat(3000)}true${')'.repeat(3000)}`, 'KQL004'],
    ['hundreds of signs', `Proc | extend X = ${'-'.repeat(500)}Pid`, 'KS006'],
    ['a dynamic value', `Proc | extend X = dynamic(${'['.repeat(190)}${']'.repeat(190)})`, 'KS245'],
    ['a path into a bag', `Proc | extend X = Bag${'.a'.repeat(500)}`, 'KS245'],
    ['JSON in a string', `Proc | extend X = tostring(parse_json('${'['.repeat(20_000)}${']'.repeat(20_000)}'))`, 'runs'],
  ])('%s', async (_, text, expected) => {
    expect(await outcomeOf(text)).toBe(expected);
  });
});

describe('length', () => {
  it.each([
    ['a hundred conditions', `Proc | where ${times(100, (index) => `Pid == ${index}`).join(' and ')}`, 'runs'],
    ['a thousand conditions', `Proc | where ${times(1000, (index) => `Pid == ${index}`).join(' or ')}`, 'KS245'],
    ['a thousand operators', `Proc ${'| where Pid == 1 '.repeat(1000)}`, 'KS245'],
    ['a query of 10 MB', `Proc | where Host == '${'x'.repeat(10_000_000)}'`, 'KQL003'],
    ['ten thousand values of in', `Proc | where Pid in (${times(10_000, String).join()})`, 'runs'],
    ['a thousand columns', `Proc | extend ${times(1000, (index) => `c${index} = Pid`).join()}`, 'runs'],
    ['a thousand inputs of a union', `union ${times(1000, () => 'Proc').join()}`, 'KQL001'],
    [
      'a call with a thousand arguments',
      `Proc | extend X = case(${times(500, (index) => `Pid == ${index}, ${index}`).join()}, 0)`,
      'KQL008',
    ],
    ['a thousand errors', `Proc | project ${times(1000, (index) => `x${index}`).join()}`, 'KS142'],
    ['a string of thousands of parts', `Proc | where Host == ${"'a' ".repeat(5000)}`, 'runs'],
  ])('%s', async (_, text, expected) => {
    expect(await outcomeOf(text)).toBe(expected);
  });

  it('lists a hundred errors, and says how many follow', async () => {
    const { problems } = await parseQuery(`Proc | project ${times(130, (index) => `x${index}`).join()}`, database);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ code: 'KQL007', message: 'Not listed: 30 more errors.' });
  });
});

describe('constants that grow', () => {
  const ranges = times(60, () => 'range(1, 1048576)').join();

  it.each([
    ['by lists joined', `Proc | extend X = array_concat(${ranges}) | project N = array_length(X)`, 'limit'],
    ['in many columns', `Proc | extend ${times(2000, (index) => `c${index} = range(1, 1048576)`).join()}`, 'limit'],
    [
      'by a long text repeated',
      `let a = '${'x'.repeat(40_000)}'; Proc | extend ${times(500, (index) => `c${index} = repeat(a, 1000)`).join()}`,
      'runs',
    ],
    [
      'by texts joined twice',
      `let a = '${'x'.repeat(40_000)}'; let b = strcat(${times(60, () => 'a').join()}); Proc | extend X = strcat(${times(60, () => 'b').join()})`,
      'limit',
    ],
    ['and are short', `Proc | mv-expand H = range(0, 23) | where H in (dynamic([1, 2]))`, 'runs'],
  ])('%s', async (_, text, expected) => {
    expect(await outcomeOf(text)).toBe(expected);
  });
});

describe('let', () => {
  it.each([
    ['that names itself', 'let a = a; Proc | where Pid == a', 'KS142'],
    ['in a circle', 'let a = b; let b = a; Proc | where Pid == a', 'KS142'],
    ['of tables in a circle', 'let A = B | take 1; let B = A | take 1; A', 'KS204'],
    ['of a function that calls itself', 'let f = (x: long) { f(x) }; Proc | extend X = f(Pid)', 'KS211'],
    [
      'that doubles a number',
      chain(
        30,
        '1',
        (a) => `${a} + ${a}`,
        (a) => `Proc | where Pid == ${a}`,
      ),
      'KQL006',
    ],
    [
      'that doubles a string',
      chain(
        40,
        "'x'",
        (a) => `strcat(${a}, ${a})`,
        (a) => `Proc | where Host == ${a}`,
      ),
      'KQL006',
    ],
    [
      'that doubles a table',
      chain(
        30,
        'Proc',
        (a) => `${a} | union ${a}`,
        (a) => a,
      ),
      'KQL006',
    ],
    [
      'that joins a table with itself',
      chain(
        20,
        'Proc',
        (a) => `${a} | join kind=inner (${a}) on Host | project Host`,
        (a) => a,
      ),
      'KQL006',
    ],
    [
      'of functions that call one another twice',
      chain(
        22,
        '(x: long) { x }',
        (a) => `(x: long) { ${a}(x) + ${a}(x) }`,
        (a) => `Proc | extend X = ${a}(Pid)`,
      ),
      'KQL006',
    ],
    [
      'of functions that pass twice their argument on',
      chain(
        22,
        '(x: long) { x }',
        (a) => `(x: long) { ${a}(x + x) }`,
        (a) => `Proc | extend X = ${a}(Pid)`,
      ),
      'KQL006',
    ],
    [
      'in a long row',
      chain(
        300,
        '1',
        (a) => a,
        (a) => `Proc | where Pid == ${a}`,
      ),
      'runs',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await outcomeOf(text)).toBe(expected);
  });
});

describe('values', () => {
  it.each([
    ['columns computed of one another twice', `Proc | extend X = Pid ${'| extend X = X + X '.repeat(30)}| where X == 4`, 'runs'],
    ['a string that doubles', `Proc | extend X = Command ${'| extend X = strcat(X, X) '.repeat(30)}`, 'limit'],
    [
      'replacements that multiply',
      `Proc | extend X = ${'replace_string('.repeat(4)}Command${`, "a", "${'a'.repeat(1000)}")`.repeat(4)}`,
      'limit',
    ],
    ['a range without end', 'range x from 1 to 1000000000000 step 1', 'limit'],
    [
      'a product of tables',
      `datatable(a: long)[${times(3000, () => '1').join()}] | join kind=inner (datatable(a: long)[${times(3000, () => '1').join()}]) on a`,
      'limit',
    ],
    ['a real beyond all reals', 'Proc | extend X = 1e999', 'KQL001'],
    ['a long with hundreds of digits', `Proc | extend X = ${'9'.repeat(400)}`, 'KQL001'],
    ['a decimal with thousands of digits', `Proc | extend X = decimal(${'9'.repeat(10_000)})`, 'KQL001'],
    ['a timespan longer than time', 'Proc | extend X = 99999999999999999d', 'KQL001'],
    ['a sum beyond the last year', 'Proc | extend X = TimeGenerated + 10000000d', 'runs'],
    ['bins of nothing', 'Proc | extend X = bin(TimeGenerated, 0s), Y = bin(TimeGenerated, -1h), Z = bin(Pid, 0)', 'runs'],
    ['lone surrogates and NUL', 'Proc | where Host == "\0\ud800" or Host has "\ud83d"', 'runs'],
    [
      "names of JavaScript's own",
      'Proc | where Bag.constructor == 1 or Bag["__proto__"] == 2 | extend __proto__ = Bag.toString, constructor = 1',
      'runs',
    ],
    ["functions of JavaScript's own", 'Proc | extend X = hasOwnProperty(Pid)', 'KS211'],
    ["tables of JavaScript's own", '__proto__ | take 1', 'KS204'],
  ])('%s', async (_, text, expected) => {
    expect(await outcomeOf(text)).toBe(expected);
  });
});

describe('regular expressions', () => {
  const matches = (pattern: string): string => `Proc | where Command matches regex @"${pattern}"`;

  it.each([
    ['that backtrack elsewhere', matches('(a+)+$'), 'runs'],
    ['of alternatives that are the same', matches('(a|a)*b(a|a)*b'), 'runs'],
    ['that repeat repetitions', matches('((a{1,1000}){1,1000}){1,1000}'), 'KQL001'],
    ['of thousands of options', matches('(a?)'.repeat(1000)), 'runs'],
    ['nested too deeply', matches(`${'('.repeat(5000)}a${')*'.repeat(5000)}`), 'KQL001'],
    ['with a back reference', matches(String.raw`(a)\1`), 'KQL001'],
    ['with a look-ahead', matches('a(?=b)'), 'KQL001'],
  ])('%s', async (_, text, expected) => {
    expect(await outcomeOf(text)).toBe(expected);
  });
});

describe('hardly a query', () => {
  it.each([
    ['nothing', '', 'KQL002'],
    ['a comment', '// nothing', 'KQL002'],
    ['semicolons', ';;;', 'KS198'],
    ['a NUL', 'Proc | where \0Host == 1', 'KS006'],
    ['a statement alone', 'set x; Proc', 'KQL001'],
  ])('%s', async (_, text, expected) => {
    expect(await outcomeOf(text)).toBe(expected);
  });
});
