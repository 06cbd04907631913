import { toCell } from '../../../src/incident/cells';
import { instant } from '../../../src/value/instant';
import type { Dynamic } from '../../../src/value/types';

describe('toCell', () => {
  it('keeps what JSON can say', () => {
    expect(toCell('bool', true)).toBe(true);
    expect(toCell('int', -3)).toBe(-3);
    expect(toCell('real', 0.5)).toBe(0.5);
    expect(toCell('string', '')).toBe('');
    expect(toCell('datetime', null)).toBeNull();
  });

  it('writes as text what a JSON number would round', () => {
    expect(toCell('long', 9007199254740993n)).toBe('9007199254740993');
    expect(toCell('long', 1n)).toBe('1');
    expect(toCell('decimal', { type: 'decimal', value: '0.1' })).toBe('0.1');
    expect(toCell('datetime', instant('2026-03-10T10:00:00.1234567Z'))).toBe('2026-03-10T10:00:00.1234567Z');
    expect(toCell('timespan', 36_000_000_000n)).toBe('01:00:00');
    expect(toCell('real', NaN)).toBe('NaN');
    expect(toCell('real', -Infinity)).toBe('-Infinity');
  });

  it('writes dynamic values as JSON, with text for the scalars that JSON lacks', () => {
    const bag = new Map<string, Dynamic>([
      ['list', [1n, 9007199254740993n, 1.5, NaN, null, false, 'x']],
      ['at', { type: 'datetime', value: instant('2026-03-10T10:00:00Z') }],
      ['__proto__', 'kept'],
    ]);
    const cell = toCell('dynamic', bag);
    expect(JSON.stringify(cell)).toBe(
      '{"list":[1,"9007199254740993",1.5,"NaN",null,false,"x"],"at":"2026-03-10T10:00:00.0000000Z","__proto__":"kept"}',
    );
  });
});
