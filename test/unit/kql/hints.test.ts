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
  ])('of %s names the remedy', async (query, hint) => {
    expect(await hintOf(query)).toMatch(hint);
  });
});

it('the hint for an unknown table names one that is spelt nearly so', async () => {
  expect(await hintOf('Proces | take 1')).toMatch(/^Did you mean Process\?/);
});
