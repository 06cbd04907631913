import { decodeCell } from '../../../src/value/decode';
import type { ScalarType } from '../../../src/value/types';

const GUID = '74be27de-1e4e-49d9-b579-fe0b331d3642';

describe('a JSON cell', () => {
  it.each<readonly [ScalarType, unknown, unknown]>([
    ['bool', true, true],
    ['bool', 0, false],
    ['bool', 1, true],
    ['bool', 1n, true],
    ['bool', 0n, false],
    ['int', 2_147_483_647, 2_147_483_647],
    ['int', '-2147483648', -2_147_483_648],
    ['long', '9223372036854775807', 9_223_372_036_854_775_807n],
    ['long', -9_007_199_254_740_991, -9_007_199_254_740_991n],
    ['real', 1.5, 1.5],
    ['real', 3n, 3],
    ['real', 'NaN', Number.NaN],
    ['real', '-Infinity', -Infinity],
    ['decimal', '-001.50', { type: 'decimal', value: '-1.5' }],
    ['decimal', 1.5, { type: 'decimal', value: '1.5' }],
    ['decimal', 5n, { type: 'decimal', value: '5' }],
    ['decimal', '-0.0', { type: 'decimal', value: '0' }],
    ['guid', `{${GUID.toUpperCase()}}`, GUID],
    ['string', '', ''],
    ['string', null, ''],
    ['long', null, null],
    ['long', undefined, null],
    ['datetime', '', null],
    ['dynamic', '', ''],
    ['dynamic', { a: [1, 1.5, null] }, new Map([['a', [1n, 1.5, null]]])],
    ['dynamic', new Map([['a', 1]]), new Map([['a', 1n]])],
  ])('of %s may be %j', (type, cell, value) => {
    expect(decodeCell(type, cell)).toEqual(value);
  });

  it.each<readonly [ScalarType, unknown]>([
    ['bool', 2],
    ['bool', 'true'],
    ['int', 2_147_483_648],
    ['int', '-2147483649'],
    ['int', 1.5],
    ['long', '9223372036854775808'],
    ['long', 9_007_199_254_740_992],
    ['long', '1.0'],
    ['real', '1.5'],
    ['decimal', '1e3'],
    ['decimal', true],
    ['datetime', 5],
    ['timespan', '1h'],
    ['guid', GUID.slice(1)],
    ['string', 5],
  ])('of %s is never %j', (type, cell) => {
    expect(decodeCell(type, cell)).toBeUndefined();
  });
});
