import { matchPattern } from '../../../../src/engine/operators/row-wise';
import { runQuery } from '../../../support/run-query';

const parse = (text: string, pattern: string, more = '') =>
  runQuery(`T | parse${more} S with ${pattern} | project-away S`, { S: 'string' }, [{ S: text }]);

describe('parse', () => {
  it.each([
    ['net user bob /add', `* "user " Name " /" Switch`, ['bob', 'add']],
    ['a=1;b=2;c=3', `A "=" B ";" C`, ['a', '1', 'b=2;c=3']],
    ['a=1;b=2', `"a=" A ";" *`, ['1']],
    ['xa=1;', `"a=" A ";" *`, ['']],
    ['A=1;', `* "a=" A`, ['']],
    ['a==', `A "=" B`, ['a', '=']],
    ['', `* "x" A`, ['']],
  ])('%j with %s', async (text, pattern, expected) => {
    expect(await parse(text, pattern)).toEqual([expected]);
    expect(await parse(text, pattern, ' kind=relaxed')).toEqual([expected]);
  });

  it('leaves no column half filled', async () => {
    expect(await parse('a=1', `A "=" B ";" C`)).toEqual([['', '', '']]);
  });

  it('parse-where leaves out rows that do not match', async () => {
    expect(await parse('a=1', `A ";" B`, '-where')).toEqual([]);
    expect(await parse('a;1', `A ";" B`, '-where')).toEqual([['a', '1']]);
  });

  it.each([
    [`* "x" A: long "y" *`, /a column that is not a string/],
    [`* "x" A "y"`, /a text at the end/],
    [`"x" S`, /a column whose name is taken/],
  ])('%s is refused, for Kusto does not say how it matches', async (pattern, message) => {
    await expect(parse('', pattern)).rejects.toThrow(message);
  });

  it.each([
    ['net  USER bob /ad', '* "user " A " " * "/ad"', ' kind=regex flags=iU', 'bob'],
    ['net user bob pw /domain /add', '* "user " A " " * "/ad"', ' kind=regex flags=iU', 'bob'],
    ['net user bob pw', '* "user " A " " * "/ad"', ' kind=regex flags=iU', ''],
    ['a1=x;b2=y;c3=z;', '* "([bc])[0-9]=" A ";" *', ' kind=regex flags=U', 'z'],
    ['a1=x;b2=y;c3=z;', '* "([bc])[0-9]=" A ";" *', ' kind=regex', 'y;c3=z'],
    ['p -Enc AA x', '* "-enc " A', ' kind=regex flags=i', 'AA x'],
    ['r=a,b,c', '* "r=" A "," *', ' kind=regex', 'a,b'],
    ['r=a,b,c', '* "r=" A "," *', ' kind=regex flags=U', 'a'],
    ['k=1\nv', '* "k=" A "v"', ' kind=regex flags=Us', '1\n'],
    ['k=1\nv', '* "k=" A "v"', ' kind=regex flags=U', ''],
  ])('of %s with regular expressions %s, %s, gives %s', async (text, pattern, kind, expected) => {
    expect((await parse(text.replace('\\n', '\n'), pattern, kind)).map((row) => row[0])).toEqual([expected.replace('\\n', '\n')]);
  });

  it('parse-where leaves out rows that a regular expression does not match', async () => {
    expect(await parse('a', '* "k=" A ";"', '-where kind=regex flags=U')).toEqual([]);
  });

  it.each([
    ['* "x" A "y"', 'kind=regex flags=xU', /the flags xU/],
    ['"x" A "y"', 'kind=regex flags=U', /does not begin with \*/],
    ['* "x" A', 'kind=regex flags=U', /a column at the end/],
    ['"x" A', 'kind=regex', /does not begin with \*/],
    ['* "x" A: long "y"', 'kind=regex flags=U', /not a string/],
    ['* "x|z" A "y"', 'kind=regex flags=U', /a \| in x\|z/],
    ['* "(" A "y"', 'kind=regex flags=U', /which RE2 refuses/],
    ['* "(?=x)" A "y"', 'kind=regex flags=U', /a group or flag/],
    ['* "(?P<a>f)" A "(?P<a>b)" *', 'kind=regex', /RE2 refuses|\(\?P/],
    ['* "(?U)x" A', 'kind=regex', /the flag U in/],
    ['* "x" A "y" *', 'kind=simple flags=i', /flags, which are for kind=regex/],
  ])('%s of %s is refused', async (pattern, kind, message) => {
    await expect(parse('', pattern, ` ${kind}`)).rejects.toThrow(message);
  });
});

it('finds each text at its first place after the one before', () => {
  const parts = [
    { kind: 'skip' },
    { kind: 'text', text: 'ab' },
    { kind: 'column', name: 'x' },
    { kind: 'text', text: 'ab' },
    { kind: 'skip' },
  ] as const;
  expect(matchPattern('1ab2ab3ab', parts)).toEqual(['2']);
  expect(matchPattern('1aab', parts)).toBeUndefined();
});
