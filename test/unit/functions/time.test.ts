import { evaluates, refused } from '../../support/expression-table';

describe('now', () => {
  evaluates([
    ['now()', '2026-03-10T12:00:00.0000000Z'],
    ['now(-1d)', '2026-03-09T12:00:00.0000000Z'],
    ['ago(1h)', '2026-03-10T11:00:00.0000000Z'],
  ]);
});

describe('starts and ends', () => {
  evaluates([
    ['startofday(t)', '2026-03-10T00:00:00.0000000Z'],
    ['startofday(t, -1)', '2026-03-09T00:00:00.0000000Z'],
    ['startofweek(t)', '2026-03-08T00:00:00.0000000Z'],
    ['startofweek(datetime(2026-03-08))', '2026-03-08T00:00:00.0000000Z'],
    ['startofmonth(t)', '2026-03-01T00:00:00.0000000Z'],
    ['startofmonth(t, -3)', '2025-12-01T00:00:00.0000000Z'],
    ['startofyear(t)', '2026-01-01T00:00:00.0000000Z'],
    ['startofyear(t, -2026)', null],
    ['startofyear(t, 7974)', null],
    ['endofday(t)', '2026-03-10T23:59:59.9999999Z'],
    ['endofweek(t)', '2026-03-14T23:59:59.9999999Z'],
    ['endofmonth(datetime(2024-02-05))', '2024-02-29T23:59:59.9999999Z'],
    ['endofyear(t, 1)', '2027-12-31T23:59:59.9999999Z'],
    ['startofday(t0)', null],
  ]);
});

describe('datetime_add', () => {
  evaluates([
    ["datetime_add('day', 1, t)", '2026-03-11T10:20:30.1234567Z'],
    ["datetime_add('Hour', -2, t)", '2026-03-10T08:20:30.1234567Z'],
    ["datetime_add('month', -1, datetime(2026-03-31T01:00:00Z))", '2026-02-28T01:00:00.0000000Z'],
    ["datetime_add('quarter', 1, t)", '2026-06-10T10:20:30.1234567Z'],
    ["datetime_add('year', 1, datetime(2024-02-29))", '2025-02-28T00:00:00.0000000Z'],
    ["datetime_add('year', 12, datetime(2024-02-29))", '2036-02-29T00:00:00.0000000Z'],
    ["datetime_add('week', 1, t)", '2026-03-17T10:20:30.1234567Z'],
    ["datetime_add('microsecond', 1, t)", '2026-03-10T10:20:30.1234577Z'],
    ["datetime_add('year', 9000, t)", null],
    ["datetime_add('year', -2026, t)", null],
    ["datetime_add('month', -9223372036854775807, t)", null],
  ]);
});

describe('datetime_diff counts boundaries', () => {
  evaluates([
    ["datetime_diff('year', datetime(2017-01-01), datetime(2000-12-31))", '17'],
    ["datetime_diff('quarter', datetime(2017-07-01), datetime(2017-03-30))", '2'],
    ["datetime_diff('month', datetime(2017-01-01), datetime(2015-12-30))", '13'],
    ["datetime_diff('week', datetime(2017-10-29 00:00), datetime(2017-09-30 23:59))", '5'],
    ["datetime_diff('day', datetime(2017-10-29 00:00), datetime(2017-09-30 23:59))", '29'],
    ["datetime_diff('hour', datetime(2017-10-31 01:00), datetime(2017-10-30 23:59))", '2'],
    ["datetime_diff('minute', datetime(2017-10-30 23:05:01), datetime(2017-10-30 23:00:59))", '5'],
    ["datetime_diff('second', datetime(2017-10-30 23:00:10.100), datetime(2017-10-30 23:00:00.900))", '10'],
    ["datetime_diff('millisecond', datetime(2017-10-30 23:00:00.200100), datetime(2017-10-30 23:00:00.100900))", '100'],
    ["datetime_diff('microsecond', datetime(2017-10-30 23:00:00.1009001), datetime(2017-10-30 23:00:00.1008009))", '100'],
    ["datetime_diff('nanosecond', datetime(2017-10-30 23:00:00.0000000), datetime(2017-10-30 23:00:00.0000007))", '-700'],
  ]);
});

describe('parts', () => {
  const at = 'datetime(2017-10-30 01:02:03.7654321)';
  evaluates([
    [`datetime_part('year', ${at})`, '2017'],
    [`datetime_part('quarter', ${at})`, '4'],
    [`datetime_part('month', ${at})`, '10'],
    [`datetime_part('week_of_year', ${at})`, '44'],
    [`datetime_part('day', ${at})`, '30'],
    [`datetime_part('dayOfYear', ${at})`, '303'],
    [`datetime_part('hour', ${at})`, '1'],
    [`datetime_part('minute', ${at})`, '2'],
    [`datetime_part('second', ${at})`, '3'],
    [`datetime_part('millisecond', ${at})`, '765'],
    [`datetime_part('microsecond', ${at})`, '765432'],
    [`datetime_part('nanosecond', ${at})`, '765432100'],
    ['week_of_year(datetime(2020-12-31))', '53'],
    ['week_of_year(datetime(2020-06-15))', '25'],
    ['week_of_year(datetime(1970-01-01))', '1'],
    ['week_of_year(datetime(2000-01-01))', '52'],
    ['dayofweek(datetime(1947-11-30 10:00:05))', '00:00:00'],
    ['dayofweek(datetime(1970-05-11))', '1.00:00:00'],
    ['dayofmonth(t)', '10'],
    ['dayofyear(t)', '69'],
    ['hourofday(t)', '10'],
    ['getyear(t)', '2026'],
    ['monthofyear(t)', '3'],
  ]);
});

describe('making datetimes', () => {
  evaluates([
    ['make_datetime(2017, 10, 1)', '2017-10-01T00:00:00.0000000Z'],
    ['make_datetime(2017, 10, 1, 12, 11)', '2017-10-01T12:11:00.0000000Z'],
    ['make_datetime(2017, 10, 1, 12, 11, 0.1234567)', '2017-10-01T12:11:00.1234567Z'],
    ['make_datetime(2017, 12, 31, 23, 59, 59.9)', '2017-12-31T23:59:59.9000000Z'],
    ['make_datetime(2017, 2, 29)', null],
    ['make_datetime(9999, 12, 31, 23, 59, 59.99999999)', null],
    ['make_datetime(2017, 10, 0)', null],
    ['make_datetime(2017, 0, 1)', null],
    ['make_datetime(2017, 13, 1)', null],
    ['make_datetime(2017, 10, 1, -1, 0)', null],
    ['make_datetime(2017, 10, 1, 24, 0)', null],
    ['make_datetime(2017, 10, 1, 12, -1)', null],
    ['make_datetime(2017, 10, 1, 12, 60)', null],
    ['make_datetime(2017, 10, 1, 12, 11, -0.1)', null],
    ['make_datetime(2017, 10, 1, 12, 11, 60.0)', null],
    ['make_datetime(1, 1, 1, 0, 0, 0.0)', '0001-01-01T00:00:00.0000000Z'],
    ['make_datetime(0, 1, 1)', null],
    ['make_datetime(10000, 1, 1)', null],
    ['unixtime_seconds_todatetime(1546897531)', '2019-01-07T21:45:31.0000000Z'],
    ['unixtime_milliseconds_todatetime(1546897531001)', '2019-01-07T21:45:31.0010000Z'],
    ['unixtime_microseconds_todatetime(1546897531000001)', '2019-01-07T21:45:31.0000010Z'],
    ['unixtime_nanoseconds_todatetime(1546897531000000100)', '2019-01-07T21:45:31.0000001Z'],
  ]);
});

describe('making timespans', () => {
  evaluates([
    ['make_timespan(1, 12, 30, 55)', '1.12:30:55'],
    ['make_timespan(12, 30)', '12:30:00'],
    ['make_timespan(1, 2, 3)', '01:02:03'],
    ['make_timespan(24, 0)', null],
    ['make_timespan(0, 60)', null],
    ['make_timespan(1, 0, 0, 60)', null],
    ['make_timespan(l0, 1)', null],
  ]);
});

describe('formats', () => {
  evaluates([
    ["format_datetime(t, 'yyyy-MM-dd HH:mm')", '2026-03-10 10:20'],
    ["format_datetime(datetime(2009-06-05T13:05:09.6170000Z), 'd/M/yy h:m:s.F tt')", '5/6/09 1:5:9.6 PM'],
    ["format_datetime(datetime(2009-06-15T00:45:30.05Z), 'hh:mm:ss.fff[FFFF]')", '12:45:30.050[05]'],
    ["format_datetime(datetime(2009-06-15T00:45:30Z), 's.F')", '30'],
    ["format_datetime(t0, 'yyyy')", ''],
    ["format_timespan(time(29.09:00:05.12345), 'dd.hh:mm:ss:FF')", '29.09:00:05:12'],
    ["format_timespan(time(29.09:00:05.12345), 'ddd.h:mm:ss [fffffff]')", '029.9:00:05 [1234500]'],
  ]);
  refused(["format_datetime(t, 'yyyyTHH')", "format_datetime(t, 'MMM')"]);
});
