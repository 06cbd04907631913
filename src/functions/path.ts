import { callable, overTexts, type ScalarFunction } from './function';
import type { Dynamic, Value } from '../value/types';

/**
 * The parts of a file path. Of what the documentation's examples leave open: a path that ends with a slash has no file name; the root is a
 * drive's letter alone; \\?\ in front belongs to the directory path.
 * https://learn.microsoft.com/kusto/query/parse-path-function
 */
function parsePath(path: string): Value {
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]+):\/\/)?([^]*)$/.exec(path) ?? [];
  const slash = Math.max(rest.lastIndexOf('/'), rest.lastIndexOf('\\'));
  const last = rest.slice(slash + 1);
  const isDrive = slash === -1 && /^[A-Za-z]:/.test(last);
  const colon = last.indexOf(':', isDrive ? 2 : 0);
  const [filename, stream] = colon === -1 ? [last, ''] : [last.slice(0, colon), last.slice(colon + 1)];
  const directory = slash === -1 ? '' : rest.slice(0, slash);
  const dot = filename.lastIndexOf('.');
  return new Map<string, Dynamic>([
    ['Scheme', scheme],
    ['RootPath', /^(?:[\\/]{2}\?[\\/])?([A-Za-z]:)/.exec(rest)?.[1] ?? ''],
    ['DirectoryPath', directory],
    ['DirectoryName', /[^\\/]*$/.exec(directory)?.[0].replace(/^[A-Za-z]:$/, '') ?? ''],
    ['Filename', filename],
    ['Extension', dot === -1 ? '' : filename.slice(dot + 1)],
    ['AlternateDataStreamName', stream],
  ]);
}

/** Arguments behind the program's name: quotes hold blanks together, backslashes escape only before a quote, two quotes within quotes are one. */
function* laterArguments(text: string): Generator<string> {
  let [argument, isOpen, isQuoted, at] = ['', false, false, 0];
  while (at < text.length) {
    const character = text.charAt(at);
    if (!isQuoted && (character === ' ' || character === '\t')) {
      if (isOpen) yield argument;
      [argument, isOpen] = ['', false];
      at += 1;
      continue;
    }
    isOpen = true;
    const slashes = /^\\*/.exec(text.slice(at))?.[0].length ?? 0;
    if (slashes > 0) {
      const isBeforeQuote = text.charAt(at + slashes) === '"';
      argument += '\\'.repeat(isBeforeQuote ? Math.floor(slashes / 2) : slashes);
      at += slashes;
      if (!isBeforeQuote || slashes % 2 === 0) continue;
      argument += '"';
      at += 1;
    } else if (character === '"' && isQuoted && text.charAt(at + 1) === '"') {
      argument += '"';
      isQuoted = false;
      at += 2;
    } else if (character === '"') {
      isQuoted = !isQuoted;
      at += 1;
    } else {
      argument += character;
      at += 1;
    }
  }
  if (isOpen) yield argument;
}

/**
 * As Windows' own CommandLineToArgvW splits: the program's name knows no escapes.
 * https://learn.microsoft.com/windows/win32/api/shellapi/nf-shellapi-commandlinetoargvw
 */
function commandLine(text: string): Value {
  const trimmed = text.replace(/^[ \t]+/, '');
  if (trimmed === '') return [];
  const [whole = '', quoted, bare = ''] = /^(?:"([^"]*)"?|([^ \t]*))/.exec(trimmed) ?? [];
  return [quoted ?? bare, ...laterArguments(trimmed.slice(whole.length))];
}

/** The first record of comma-separated values; a quote within quotes is doubled. */
function csvRecord(text: string): Value {
  const fields: string[] = [];
  const FIELD = /"((?:[^"]|"")*)"([^,\r\n]*)|([^,\r\n]*)/y;
  for (let at = 0; ;) {
    FIELD.lastIndex = at;
    const [whole = '', quoted, behind = '', bare = ''] = FIELD.exec(text) ?? [];
    fields.push(quoted === undefined ? bare : quoted.replaceAll('""', '"') + behind);
    at += whole.length;
    if (text.charAt(at) !== ',') return fields;
    at += 1;
  }
}

export const pathFunctions: readonly ScalarFunction[] = [
  callable(
    'parse_path',
    'a bag of Scheme, RootPath, DirectoryPath, DirectoryName, Filename, Extension and AlternateDataStreamName, as texts.',
    [{ parameters: ['string'], result: 'dynamic', prepare: overTexts((path = '') => parsePath(path)) }],
  ),
  callable('parse_command_line', 'an array of the arguments, split as CommandLineToArgvW of Windows does; the parser is "windows".', [
    {
      parameters: ['string', 'string'],
      result: 'dynamic',
      refuses: ([, parser]) => (parser === 'windows' ? undefined : 'a parser other than "windows"'),
      prepare: overTexts((text = '') => commandLine(text)),
    },
  ]),
  callable('parse_csv', 'an array of the texts of the first record; a quote within quotes is doubled.', [
    { parameters: ['string'], result: 'dynamic', prepare: overTexts((text = '') => csvRecord(text)) },
  ]),
];
