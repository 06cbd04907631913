import { defaultSchedule, parseSchedule } from '../../../src/settings/schedule';

describe('a schedule', () => {
  it.each([
    defaultSchedule,
    '* * * * * *',
    '0 */1 * * * *',
    '0 0 0 1 1 0',
    '59 59 23 31 12 6',
    '0,30 */5 9-17 1-15/2 * 1-5',
    '0 0 9 * jan-MAR,Dec MON,wed-Fri',
    '0 5/15 * * * *',
  ])('is right: %s', (text) => {
    expect(parseSchedule(text)).toEqual({ value: text });
  });

  it.each([
    ['*/5 * * * *', 'has 5 instead of six fields'],
    ['0 */5 * * * * 2026', 'has 7 instead of six fields'],
    ['00:05:00', 'has 1 instead of six fields'],
    ['@hourly', 'has 1 instead of six fields'],
    ['60 * * * * *', 'has a wrong second (0 to 59)'],
    ['0 60 24 * * *', 'has a wrong minute (0 to 59) and a wrong hour (0 to 23)'],
    ['0 0 0 0 * *', 'has a wrong day (1 to 31)'],
    ['0 0 0 * 13 *', 'has a wrong month (1 to 12)'],
    ['0 0 0 * mon *', 'has a wrong month (1 to 12)'],
    ['0 0 0 * * 7', 'has a wrong day of the week (0 to 6)'],
    ['0 0 0 * * sunday', 'has a wrong day of the week (0 to 6)'],
    ['0 0 0 ? * L', 'has a wrong day (1 to 31) and a wrong day of the week (0 to 6)'],
    ['0 */0 * * * *', 'has a wrong minute (0 to 59)'],
    ['0 */60 * * * *', 'has a wrong minute (0 to 59)'],
    ['0 30-10 * * * *', 'has a wrong minute (0 to 59)'],
    ['0 1-2-3 * * * *', 'has a wrong minute (0 to 59)'],
    ['0 *-5 * * * *', 'has a wrong minute (0 to 59)'],
    ['0 1, * * * *', 'has a wrong minute (0 to 59)'],
    ['0 /5 * * * *', 'has a wrong minute (0 to 59)'],
    ['0 5/ * * * *', 'has a wrong minute (0 to 59)'],
    ['0 -1 * * * *', 'has a wrong minute (0 to 59)'],
    ['0 1.5 * * * *', 'has a wrong minute (0 to 59)'],
  ])('is wrong: %s', (text, problem) => {
    expect(parseSchedule(text)).toEqual({ problem, remedy: expect.stringContaining(defaultSchedule) });
  });
});
