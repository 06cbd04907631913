import { sourceMistakes, sourceTokens } from '../../../src/hunt/source-text';

describe('the text of a source', () => {
  it.each([
    'DeviceProcessEvents',
    '_Im_ProcessCreate(starttime={start}, endtime={end})',
    "DeviceProcessEvents | extend Timestamp = column_ifexists('Timestamp', TimeGenerated)",
    "['odd name'] | extend A = 1 | extend B = 2",
    'T\n|\nextend A = 1,\n  B = (2 + [3][0])',
    "T | extend A = 'a | b ; c // d # e {x} ( [ \\' \\\\'",
    "T | extend A = \"it's\", B = @\"C:\\\", C = @'it''s'",
    "T | extend A = h'secret', B = H@'C:\\', C = ```a\n'b\" | where```, D = ~~~e'~~~",
    'T | extend A = dynamic({"a": ["b)", {"c": 1}]}), B = dynamic ([1])',
    'T | extend A = datetime(2026-03-10T10:00:00.0000000Z), B = 1h, C = time(1.00:00:00), D = long(-5), E = iff(A =~ B, 1 % 2, 3 / 4)',
    'T | extend A = todatetime("2026"), B = mydatetime("x")',
    'Parser(starttime={start})|extend Until={end}',
  ])('is right: %s', (text) => {
    expect(sourceMistakes(text)).toEqual([]);
  });

  it.each([
    ['', 0, 'no table'],
    ['  ', 0, 'no table'],
    ['| extend A = 1', 0, 'no table'],
    ['(T | extend A = 1)', 0, 'no table'],
    ['T | where A == 1', 2, "a '|' without extend"],
    ['T | extend A = 1 | take 5', 17, "a '|' without extend"],
    ['T | extend A = toscalar(U | count)', 26, "a '|' without extend"],
    ['T | extended A = 1', 2, "a '|' without extend"],
    ["T | 'extend'", 2, "a '|' without extend"],
    ['T |', 2, "a '|' without extend"],
    ['T; U', 1, "a ';'"],
    ['T // all', 2, "'//'"],
    ['T | extend A = 1 #directive', 17, "'#'"],
    ["T | extend A = 'x", 15, 'a string that is not closed'],
    ["T | extend A = 'x\ny'", 15, 'a string that is not closed'],
    ["T | extend A = '\\q'", 15, 'an unknown escape'],
    ["T | extend A = 'C:\\'", 15, 'a string that is not closed'],
    ['T | extend A = ```x``', 15, 'a string that is not closed'],
    ['T | extend A = (1', 15, "a '(' that is not closed"],
    ['T | extend A = 1)', 16, "a ')' that closes nothing"],
    ['T | extend A = (1]', 17, "a ']' that closes nothing"],
    ['T | extend A = dynamic({"a": 1)', 30, "a ')' that closes nothing"],
    ['T(from={now})', 7, 'braces around something other'],
    ['T(from={ start })', 7, 'braces around something other'],
    ['T | extend A = {"a": 1}', 15, 'braces around something other'],
    ["T | extend A = datetime('2026)", 15, 'datetime(…) with more than a plain value'],
    ["T | extend A = guid(x|'), B = '')", 15, 'guid(…) with more than a plain value'],
  ])('is wrong: %s', (text, offset, found) => {
    const [mistake] = sourceMistakes(text);
    expect(mistake).toMatchObject({ offset, found: expect.stringContaining(found) });
    expect(mistake?.remedy).toMatch(/\.$/);
  });

  it('has all its mistakes told, in their order', () => {
    const mistakes = sourceMistakes('T(from={now}; | where A // all');
    expect(mistakes.map(({ offset }) => offset)).toEqual([1, 7, 12, 14, 24]);
  });

  it('is whole again when its tokens are joined', () => {
    const text = "T | extend A = h@'x'\t, B = dynamic({'{start}': 1}) // {start} ¬";
    expect(
      sourceTokens(text)
        .map((token) => token.text)
        .join(''),
    ).toBe(text);
  });
});
