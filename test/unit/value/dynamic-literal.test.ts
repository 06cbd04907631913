import { formatDynamicLiteral, parseDynamicLiteral } from '../../../src/value/dynamic-literal';
import { instant } from '../../../src/value/instant';

it.each([
  ['[1, 2.5, "x", null, true]', '[1,2.5,"x",null,true]'],
  ['[\'it\\\'s\', "say \\"x\\""]', '["it\'s","say \\"x\\""]'],
  ["{'a': {\"b\": ['c']}}", '{"a":{"b":["c"]}}'],
  ["@'c:\\x''y'", '"c:\\\\x\'y"'],
  ['@"c:\\x""y"', '"c:\\\\x\\"y"'],
  ['[datetime(2026-03-10), timespan(1.02:03:04)]', '[datetime(2026-03-10T00:00:00.0000000Z),timespan(1.02:03:04)]'],
  ['guid(74BE27DE-1E4E-49D9-B579-FE0B331D3642)', 'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)'],
  ['[long(9007199254740993), real(1.5), decimal(1.50)]', '[9007199254740993,1.5,decimal(1.5)]'],
  ['datetime(null)', 'null'],
  ["[datetime('2026-03-10')]", '[datetime(2026-03-10T00:00:00.0000000Z)]'],
  ['[1e16, -1e17, 1e300]', '[10000000000000000.0,-100000000000000000.0,1e+300]'],
  ['[1, // one\n "//2", // "two"\n 3 //\n]// end', '[1,"//2",3]'],
])('reads and writes %s', (text, written) => {
  const value = parseDynamicLiteral(text);
  if (value === undefined) throw new Error('not read');
  expect(formatDynamicLiteral(value)).toBe(written);
  expect(parseDynamicLiteral(written)).toEqual(value);
});

it.each(["['a'", '{a: 1}', 'time(1x)', "'a", '[1,]', '[1 / 2]', '// 1', 'now()'])('does not read %s', (text) => {
  expect(parseDynamicLiteral(text)).toBeUndefined();
});

it.each([
  ['[', ']'],
  ['{"a":', '}'],
])('reads %s nested 512 deep, and no deeper', (open, close) => {
  const nested = (depth: number): string => open.repeat(depth) + '1' + close.repeat(depth);
  expect(parseDynamicLiteral(nested(512))).toBeDefined();
  expect(parseDynamicLiteral(nested(513))).toBeUndefined();
});

it('keeps the type of a datetime', () => {
  expect(parseDynamicLiteral('datetime(2026-03-10)')).toEqual({ type: 'datetime', value: instant('2026-03-10') });
});
