import type { Parsed } from './environment';

/** Every five minutes. */
export const defaultSchedule = '0 */5 * * * *';

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  /** Names that stand for `least`, `least` + 1, … */
  readonly names: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'second', least: 0, most: 59, names: [] },
  { name: 'minute', least: 0, most: 59, names: [] },
  { name: 'hour', least: 0, most: 23, names: [] },
  { name: 'day', least: 1, most: 31, names: [] },
  {
    name: 'month',
    least: 1,
    most: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of the week', least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/**
 * Reads the timer's schedule: NCRONTAB with six fields, each a list of `*`, `a`, `a-b`, any of them with `/step`, months and days also
 * by their three letters. The host takes five fields and timespans too; those are refused here, for one form is enough to read.
 * https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
 */
export function parseSchedule(text: string): Parsed<string> {
  const remedy = `Write six fields, second minute hour day month day-of-week, e.g. '${defaultSchedule}' for every five minutes.`;
  const parts = text.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return { problem: `has ${parts.length} instead of six fields`, remedy };
  const wrong = FIELDS.filter((field, index) => !isField(field, parts[index] ?? ''));
  if (wrong.length > 0) return { problem: `has a wrong ${wrong.map(describe).join(' and a wrong ')}`, remedy };
  return { value: parts.join(' ') };
}

function describe({ name, least, most }: Field): string {
  return `${name} (${least} to ${most})`;
}

function isField(field: Field, text: string): boolean {
  return text.split(',').every((item) => isItem(field, item));
}

function isItem(field: Field, item: string): boolean {
  const [, range = '', step] = /^([^/]+)(?:\/(\d{1,2}))?$/.exec(item) ?? [];
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.most)) return false;
  if (range === '*') return true;
  const ends = range.split('-').map((end) => valueOf(field, end));
  const [first, last = first] = ends;
  return ends.length <= 2 && first !== undefined && last !== undefined && first <= last;
}

function valueOf(field: Field, text: string): number | undefined {
  const named = field.names.indexOf(text.toLowerCase());
  if (named >= 0) return field.least + named;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.least && value <= field.most ? value : undefined;
}
