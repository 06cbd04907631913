import { dayFormat, headFormat, type RecordFormat } from '../../src/hunt/ledger-format';
import type { BinRecord, DayRecord } from '../../src/hunt/ledger-record';

/**
 * Nine tenths of the time would go into reading and writing the texts of ledger blobs. So what a text was written from is remembered as
 * long as no process dies, and of a day's text only the bin that changed is written anew. That a text gives back what it was written from
 * is a test of the format's own.
 */

/** Above what one history has in work at a time. */
const REMEMBERED = 200;

interface Memory {
  readonly records: Map<string, unknown>;
}

let isOn = false;
const writeDay = dayFormat.serialise.bind(dayFormat);
const memories: readonly Memory[] = [remember(headFormat, headFormat.serialise.bind(headFormat)), remember(dayFormat, dayText)];

/** Turned off, every text is read and written whole each time. */
export function rememberLedger(on: boolean): void {
  isOn = on;
  forgetLedger();
}

export function forgetLedger(): void {
  for (const { records } of memories) records.clear();
}

function remember<T>(format: RecordFormat<T>, fastText: (record: T) => string): Memory {
  const records = new Map<string, T>();
  const parse = format.parse.bind(format);
  const serialise = format.serialise.bind(format);
  const keep = (text: string, record: T): void => {
    if (records.size > REMEMBERED) records.clear();
    records.set(text, record);
  };
  format.parse = (text) => {
    if (!isOn) return parse(text);
    const record = records.get(text) ?? parse(text);
    keep(text, record);
    return record;
  };
  format.serialise = (record) => {
    if (!isOn) return serialise(record);
    const text = fastText(record);
    keep(text, record);
    return text;
  };
  return { records };
}

const binTexts = new WeakMap<BinRecord, string>();
const [head = '', tail = ''] = writeDay({
  bins: { key: { evaluatedAt: undefined, ruleHash: undefined, tables: {}, failure: undefined, incidents: {} } },
}).split(/"key".*(?=\}\})/);

/** As the format writes it, bin by bin. */
function dayText(day: DayRecord): string {
  const { bins } = day;
  if (day.revisionFloor !== undefined) return writeDay(day);
  const texts = Object.entries(bins).map(([key, bin]) => {
    const known = binTexts.get(bin);
    if (known !== undefined) return known;
    const text = writeDay({ bins: { [key]: bin } }).slice(head.length, -tail.length);
    binTexts.set(bin, text);
    return text;
  });
  return head + texts.join(',') + tail;
}
