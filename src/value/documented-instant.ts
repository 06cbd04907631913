import { parseInstant, type Instant } from './instant';

/**
 * The texts that Kusto documents for datetime(…) and todatetime(). A year of two digits is one of 1970 to 2069; the day of the week is not
 * checked, and the only time zone is GMT, since no other is documented.
 * Source: https://learn.microsoft.com/kusto/query/scalar-data-types/datetime
 */

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** RFC 822, `Sat, 8 Nov 14 15:05:02 GMT`, and RFC 850, `Saturday, 08-Nov-14 15:05:02 GMT`. */
const INTERNET = /^(?:[a-z]{3,9}, )?(\d{1,2})([ -])([a-z]{3})\2(\d{2}) (\d\d:\d\d(?::\d\d)?)(?: GMT)?$/i;

/** `2014-11-08 15:05:25 GMT`. */
const SORTABLE = /^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?) GMT$/i;

function parseInternet(text: string): Instant | undefined {
  const [, day = '', , name = '', twoDigits = '', clock = ''] = INTERNET.exec(text) ?? [];
  const month = MONTHS.indexOf(name.toLowerCase()) + 1;
  if (month === 0) return undefined;
  const century = Number(twoDigits) < 70 ? '20' : '19';
  return parseInstant(`${century}${twoDigits}-${String(month).padStart(2, '0')}-${day.padStart(2, '0')}T${clock}Z`);
}

/** Undefined for any other text, and for days that do not exist. */
export function parseDocumentedInstant(text: string): Instant | undefined {
  const trimmed = text.trim();
  const sortable = SORTABLE.exec(trimmed)?.[1];
  return parseInstant(sortable ?? trimmed) ?? parseInternet(trimmed);
}
