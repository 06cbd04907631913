import { isPlain, parseCells, type Cells } from '../../../src/cli/run/cells';

const plain = (row: Cells | string): unknown =>
  typeof row === 'string' ? row : [...row.keys()].map((key) => [key, asNumber(row.get(key))]);
const asNumber = (cell: unknown): unknown => (typeof cell === 'bigint' ? Number(cell) : cell);

it.each(['{"a":1,"b":"x","c":null,"d":true,"e":1.5,"f":"\\u00e9\\n"}', '{"a":', '[1]', 'null', '7', '{}', ' {"a" : "b" } ', ''])(
  'reads %s alike with the fast and the exact reader',
  (text) => {
    expect(plain(parseCells(text, false))).toEqual(plain(parseCells(text, true)));
  },
);

it.each([false, true])('takes members named like those of every JavaScript object as they are (exact: %s)', (exact) => {
  const row = parseCells('{"__proto__":"a","constructor":"b"}', exact);
  if (typeof row === 'string') throw new Error(row);
  expect([...row.keys()].map((key) => row.get(key))).toEqual(['a', 'b']);
  expect(row.get('toString')).toBeUndefined();
});

it.each([
  ['{"a":9007199254740993}', false],
  ['{"a":123}', true],
  ['{"guid":"1111111111111111111"}', true],
])('%s is plain: %s', (text, expected) => {
  expect(isPlain(text)).toBe(expected);
});
