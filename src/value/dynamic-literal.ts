import { canonicalDecimal, parseGuid } from './decode';
import { parseInstant } from './instant';
import { JsonReader } from './json';
import { formatJson, isArray, isBag, isTagged } from './text';
import { parseTimespan } from './timespan';
import type { Dynamic } from './types';

/**
 * What stands in dynamic(…): JSON, and beside it comments, strings in single quotes or verbatim, and typed scalars such as datetime(2026-03-10).
 * https://learn.microsoft.com/kusto/query/scalar-data-types/dynamic
 */

const SINGLE_QUOTED = /'((?:[^'\\\n]|\\[^])*)'/y;
const VERBATIM = /@(?:'((?:[^']|'')*)'|"((?:[^"]|"")*)")/y;
const TYPED = /(datetime|timespan|time|guid|decimal|long|int|real|double)\s*\(([^()]*)\)/y;

/** The text of a literal in single quotes: its escapes are those of JSON, and \'. */
function unescape(content: string): string {
  const inDoubleQuotes = content.replace(/\\'|\\[^]|"/g, (match) => (match === "\\'" ? "'" : match === '"' ? '\\"' : match));
  return JSON.parse(`"${inDoubleQuotes}"`) as string;
}

function typed(type: string, content: string): Dynamic | undefined {
  const text = content.trim().replace(/^(['"])([^]*)\1$/, '$2');
  if (text === 'null') return null;
  switch (type) {
    case 'datetime': {
      const value = parseInstant(text);
      return value === undefined ? undefined : { type: 'datetime', value };
    }
    case 'timespan':
    case 'time': {
      const value = parseTimespan(text);
      return value === undefined ? undefined : { type: 'timespan', value };
    }
    case 'guid': {
      const value = parseGuid(text);
      return value === undefined ? undefined : { type: 'guid', value };
    }
    case 'decimal': {
      const value = canonicalDecimal(text);
      return value === undefined ? undefined : { type: 'decimal', value };
    }
    case 'long':
    case 'int':
      return /^-?\d+$/.test(text) ? BigInt.asIntN(64, BigInt(text)) : undefined;
    default:
      return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
  }
}

/** White space, and comments to the end of their line. */
const BLANK = /(?:[ \t\n\r]|\/\/[^\n]*)*/y;

class LiteralReader extends JsonReader {
  protected override readonly blank = BLANK;

  protected override string(): string {
    this.take('');
    const quoted = this.match(SINGLE_QUOTED);
    if (quoted !== null) return unescape(quoted[1] ?? '');
    const verbatim = this.match(VERBATIM);
    if (verbatim !== null) return verbatim[1]?.replaceAll("''", "'") ?? verbatim[2]?.replaceAll('""', '"') ?? '';
    return super.string();
  }

  protected override scalar(): Dynamic {
    if (`'@`.includes(this.text[this.at] ?? ' ')) return this.string();
    const match = this.match(TYPED);
    if (match === null) return super.scalar();
    const value = typed(match[1] ?? '', match[2] ?? '');
    if (value === undefined) throw new SyntaxError(`no literal: ${match[0]}`);
    return value;
  }
}

/** The value of what stands in dynamic(…), or undefined where we cannot read it. */
export function parseDynamicLiteral(text: string): Dynamic | undefined {
  try {
    return new LiteralReader(text).document();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The value as it may stand in dynamic(…): JSON, in which scalars that it lacks are typed. */
export function formatDynamicLiteral(value: Dynamic): string {
  // A real without a point would be read as a long.
  if (typeof value === 'number') return formatJson(value).replace(/^-?\d+$/, '$&.0');
  if (value === null || typeof value !== 'object') return formatJson(value);
  if (isArray(value)) return `[${value.map(formatDynamicLiteral).join(',')}]`;
  if (isBag(value)) return `{${[...value].map(([key, item]) => `${JSON.stringify(key)}:${formatDynamicLiteral(item)}`).join(',')}}`;
  if (!isTagged(value)) throw new TypeError('a dynamic value of no known kind');
  return `${value.type}(${value.type === 'decimal' ? value.value : (JSON.parse(formatJson(value)) as string)})`;
}
