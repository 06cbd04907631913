import { PortUnavailable } from '../../../src/hunt/ports';
import { describeUnexpected } from '../../../src/hunt/unexpected';

describe('an unexpected error', () => {
  it.each(['the row secret', 'two lines\nat secret (of a row)', 'at secret', '\n    at secret (file.ts:1:1)\n'])(
    'is told by its name and place, without its message: %j',
    (message) => {
      const told = describeUnexpected(new RangeError(message));
      expect(told).toMatch(/^RangeError at .*unexpected\.test\.ts/);
      expect(told).not.toContain('secret');
    },
  );

  it('has no place where its stack does not begin with its message', () => {
    const error = Object.assign(new Error('new'), { stack: 'Error: old\n    at secret' });
    expect(describeUnexpected(error)).toBe('Error');
  });

  it("is told in a port's own words", () => {
    expect(describeUnexpected(new PortUnavailable('hub', 'The hub is away.'))).toBe('The hub is away.');
  });

  it('may be no error at all', () => {
    expect(describeUnexpected('secret')).toBe('an unexpected string was thrown');
  });
});
