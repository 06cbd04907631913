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
