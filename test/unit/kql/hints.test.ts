import { parseQuery } from '../../../src/kql/parse';

const columns = [{ name: 'a', type: 'string' as const }];
const database = { tables: ['Process', '_Im_ProcessCreate'].map((name) => ({ name, columns, callable: name.startsWith('_') })) };

const hintOf = async (query: string): Promise<string | undefined> => (await parseQuery(query, database)).problems[0]?.hint;

describe('the hint for an unknown function', () => {
  it.each([
    ['Process | extend b = tostrng(a)', /^Did you mean tostring\?/],
    ['Process | summarize dcuont(a)', /^Did you mean dcount\?/],
    ['_Im_ProcesCreate() | take 1', /^Did you mean _Im_ProcessCreate\?/],
    ['_Im_NetworkSession(starttime=ago(1d)) | take 1', /^Of this parser no columns are known here/],
    ['Process | extend b = OurOwnLookup(a)', /write it into the rule, with let/],
    ['Process | invoke f()', /^It is not a function of Kusto/],
  ])('of %s names the remedy', async (query, hint) => {
    expect(await hintOf(query)).toMatch(hint);
  });
});

it('the hint for an unknown table names one that is spelt nearly so', async () => {
  expect(await hintOf('Proces | take 1')).toMatch(/^Did you mean Process\?/);
});

describe('the hint for an unknown name', () => {
  it.each([
    ['Process | where A == "x"', /^Did you mean a\? Check the spelling/],
    ['Process | extend Depth = 1 | where Dpth > 1', /^Did you mean Depth\?/],
    ['Process | summarize count() by a | where count > 5', /^Did you mean count_\?/],
    ['Process | project a | where wholly_other == 1', /^Check the spelling/],
    ['Process | where T == 1', /^Check the spelling/],
  ])('of %s names one of the query or its tables that is near', async (query, hint) => {
    expect(await hintOf(query)).toMatch(hint);
  });

  it('is found in no time, however long the names are', async () => {
    expect(await hintOf(`Process | where ${'b'.repeat(60_000)} == 1`)).toMatch(/^Check the spelling/);
  });
});

describe('the hint for what another language has', () => {
  it.each([
    ['Process | where a = "x"', /^A comparison is written ==/],
    ['Process | where a == “x”', /^Curly quotes/],
    ['Process | where a !has_any ("x")', /^It has no negation of its own: write not/],
    ['Process | where now() > "2026-03-10"', /^Write the time as datetime/],
    ["_GetWatchlist('VIP') | project a", /^Only the workspace knows its watchlists/],
    ['union isfuzzy=true Process, Other_CL', /^Check the name, or describe the table/],
  ])('%s', async (query, hint) => {
    const { problems } = await parseQuery(query, database);
    expect(problems.map((problem) => problem.hint)).toContainEqual(expect.stringMatching(hint));
  });
});

describe('what is wrong with a query', () => {
  const messages = async (query: string): Promise<readonly string[]> =>
    (await parseQuery(query, database)).problems.map(({ message }) => message);

  it('is told once where an operator is misspelt', async () => {
    expect(await messages('Process | project-smart a')).toEqual(['Query operator expected.', 'The incomplete fragment is unexpected.']);
  });

  it.each([
    ['set notruncation; Process | take 1', 'The statement set is'],
    ['declare query_parameters(p:long = 3); Process | take 1', 'The statement declare query_parameters is'],
    ['Process | take 1; Process | take 2', 'A second query is'],
  ])('names a statement as it is written: %s', async (query, start) => {
    expect((await messages(query))[0]).toMatch(new RegExp(`^${start} not supported`));
  });

  it.each(['tohex', 'strlen', 'hll'])(
    'a function named as one of Kusto is refused, for which of them is meant is not documented: %s',
    async (name) => {
      expect(await messages(`let ${name} = (x: long) { strcat("mine", x) }; print a = ${name}(5)`)).toContainEqual(
        expect.stringContaining(`A function of one's own with the name ${name}`),
      );
    },
  );
});
