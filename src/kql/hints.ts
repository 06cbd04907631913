import { aggregationFunctions } from '../functions/aggregates';
import { scalarFunctions } from '../functions/scalar';
import { didYouMean } from '../rule/suggest';
import type { DatabaseSchema, DatabaseTable } from './database';

/** A diagnostic of Microsoft's parser, and the query that it is of. */
export interface Finding {
  readonly code: string;
  readonly message: string;
  /** The part of the query that it marks. */
  readonly marked: string;
  readonly query: string;
}

const hints: Readonly<Record<string, string>> = {
  KS142: 'Check the spelling: names are case-sensitive, and an operator such as summarize or project keeps only the columns that it names.',
  KS204: 'Check the name, or describe the table in a schema file of your own, in rules/schemas or with --schema FILE.',
  KS205: 'Check the name, or describe the table in a schema file of your own, in rules/schemas or with --schema FILE.',
  KS245: 'Write long chains of conditions as in (…), has_any (…) or has_all (…), and name parts of the query with let.',
};

/** A parser of ASIM by its name, as _Im_NetworkSession, imDns or vimFileEventMicrosoftSysmon. */
const PARSER = /^(?:_?v?im|_?asim)_?[A-Z]/i;

/** A name that is slightly wrong, a parser that no schema describes, and what only a workspace knows call for different remedies. */
function unknownFunctionHint(name: string, tables: readonly DatabaseTable[]): string {
  if (/^_GetWatchlist/i.test(name)) {
    return 'Only the workspace knows its watchlists: write the items into the rule, as let Items = dynamic([…]) or datatable (…) […].';
  }
  const parsers = tables.filter(({ callable }) => callable).map((table) => table.name);
  const callable = [...scalarFunctions.values()].filter(({ notation }) => notation === 'call').map((entry) => entry.name);
  const near = didYouMean(name, [...callable, ...aggregationFunctions.keys(), ...parsers]);
  if (near !== '') return `${near}Names of functions are case-sensitive.`;
  if (PARSER.test(name)) {
    return 'Of this parser no columns are known here: describe it in a schema file with "callable": true, in rules/schemas or with --schema FILE.';
  }
  return 'It is not a function of Kusto; one that is saved in a workspace is not known here: write it into the rule, with let.';
}

/** More than any rule has; to look for a near one among more would take long. */
const MAX_NAMES = 2000;

/** Names that the query may have meant: the columns of its tables, what it names itself, and the column of a count(). */
function namesIn(query: string, tables: readonly DatabaseTable[]): readonly string[] {
  const columns = tables.filter(({ name }) => query.includes(name)).flatMap((table) => table.columns.map(({ name }) => name));
  const own = Array.from(query.matchAll(/\b([A-Za-z_]\w*)\s*=(?![=~])/g), ([, name = '']) => name);
  const counts = /\bcount\s*\(\s*\)/.test(query) ? ['count_'] : [];
  return [...new Set([...counts, ...own, ...columns])].slice(0, MAX_NAMES);
}

/** What people write who know another language, or paste from elsewhere. */
const slips: readonly (readonly [code: RegExp, marked: RegExp, hint: string])[] = [
  [/KS141/, /^[^=!<>~]+=[^=~]/, 'A comparison is written ==; = alone gives a name.'],
  [/KS00[26]/, /^[“”„‘’]/, 'Curly quotes are not quotes in KQL: write " or \'.'],
  [/KS002/, /^!has_a(?:ny|ll)/, 'It has no negation of its own: write not(… has_any (…)) or not(… has_all (…)).'],
];

/** What to do about it. */
export function hintOf({ code, message, marked, query }: Finding, { tables }: DatabaseSchema): string {
  const name = /'([^']+)'/.exec(message)?.[1] ?? '';
  if (code === 'KS211') return unknownFunctionHint(name, tables);
  const slip = slips.find(([codes, pattern]) => codes.test(code) && pattern.test(marked));
  if (slip !== undefined) return slip[2];
  if (code === 'KS106' && /datetime/.test(message) && /string/.test(message))
    return 'Write the time as datetime(…), or convert it with todatetime().';
  const names = code === 'KS204' ? tables.map((table) => table.name) : code === 'KS142' ? namesIn(query, tables) : [];
  const others = names.filter((each) => each !== name);
  return didYouMean(name, others) + (hints[code] ?? 'Correct the query; the message is that of Microsoft’s own Kusto parser.');
}
