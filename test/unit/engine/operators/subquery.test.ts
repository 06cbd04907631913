import { runQuery } from '../../../support/run-query';

const columns = { Host: 'string', Pid: 'long' } as const;
const rows = [{ Host: 'a', Pid: 1 }, { Host: 'B', Pid: 2 }, { Host: 'c d', Pid: 3 }, { Pid: 4 }];
const run = (query: string) => runQuery(query, columns, rows);
const pids = async (predicate: string) => (await run(`T | where ${predicate} | project Pid`)).map(([pid]) => pid);

describe('toscalar', () => {
  it('is the first cell of the first row, whichever operator reads it', async () => {
    expect(await pids('Pid == toscalar(T | summarize max(Pid))')).toEqual(['4']);
    expect(await run('let m = toscalar(T | top 1 by Pid asc | project Host, Pid); T | where Host == m | project Pid')).toEqual([['1']]);
    expect(await pids('Pid == toscalar(T | sort by Pid desc | project Pid)')).toEqual(['4']);
    expect(await run('T | summarize N = count() * toscalar(print 10)')).toEqual([['40']]);
    expect(await run('print N = toscalar(T | count) + 1')).toEqual([['5']]);
    expect(await run('let m = toscalar(T | count); T | where Pid == m | extend X = m | sort by m asc | project Pid, X')).toEqual([
      ['4', '4'],
    ]);
  });

  it('of several rows in no order takes the least; of none it is null, or an empty string', async () => {
    expect(await run('print toscalar(T | where Pid > 1 | project Pid)')).toEqual([['2']]);
    expect(await run('print toscalar(T | where Pid > 9 | project Pid), toscalar(T | where Pid > 9 | project Host)')).toEqual([[null, '']]);
  });

  it('of a value is the value', async () => {
    expect(await run('print toscalar(2)')).toEqual([['2']]);
  });
});

describe('in (query)', () => {
  it.each([
    ['Host in ((T | where Pid < 3 | project Host))', ['1', '2']],
    ['Host in (T | where Pid < 3 | project Host)', ['1', '2']],
    ['Host !in ((T | where Pid < 3 | project Host))', ['3', '4']],
    ["Host in~ ((print 'b'))", ['2']],
    ["Host !in~ ((print 'b'))", ['1', '3', '4']],
    ['Host in ((T | where Pid > 9 | project Host))', []],
    ['Host !in ((T | where Pid > 9 | project Host))', ['1', '2', '3', '4']],
    ["Host has_any ((print 'D'))", ['3']],
    ["Host has_all ((datatable (x: string) ['D']))", ['3']],
    ["Host has_all ((datatable (x: string) ['D', 'nowhere']))", []],
    ['Host in ((T | where Pid < 3 | summarize make_set(Host)))', ['1', '2']],
    ['Host !in~ ((T | where Pid < 3 | summarize make_set(toupper(Host))))', ['3', '4']],
    ["Host in ((print dynamic([1, ['a', null], {'b': 'B'}])))", ['1']],
    ["Host has_any ((print dynamic(['D', 'x'])))", ['3']],
    ["Pid == 1 or Host in ((print 'B'))", ['1', '2']],
    ["not(Host in ((print 'B')))", ['1', '3', '4']],
    ["Host in ((datatable (X: string, Y: long) ['a', 1]))", ['1']],
  ])('where %s', async (predicate, expected) => {
    expect(await pids(predicate)).toEqual(expected);
  });

  it('is a value like any other', async () => {
    expect((await run("T | extend X = Host in ((print 'a')) | project Pid, X")).map(([, x]) => x)).toEqual([
      'true',
      'false',
      'false',
      'false',
    ]);
    expect(await run('let known = T | project Host; T | summarize countif(Host in (known))')).toEqual([['4']]);
  });

  it('takes no null among the values', async () => {
    const nullable = [{ Host: 'x' }, { Host: 'y', Pid: 1 }];
    expect(await runQuery('T | where Pid in (T | project Pid) | project Host', columns, nullable)).toEqual([['y']]);
    expect(await runQuery('T | where Pid !in (T | project Pid) | project Host', columns, nullable)).toEqual([['x']]);
  });

  it.each([
    ['T | where Host in ((T | project Pid))', /in of a string among values of type long/],
    ['T | where Host has_all ((T | project Host))', /has_all of a query/],
  ])('%s is refused', async (query, message) => {
    await expect(run(query)).rejects.toThrow(message);
  });
});
