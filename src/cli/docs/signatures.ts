import type { ParameterType, Signature } from '../../functions/function';
import { scalarTypes } from '../../value/types';

/** The overloads of a function as few lines, such as `(T, T) → bool, T: int, long`. */

const LETTERS = 'TUVW';

/** Types by name, `any` for all of them, `any but …` for nearly all. */
function typesText(types: readonly string[], separator: string): string {
  const others = scalarTypes.filter((type) => !types.includes(type));
  if (others.length === 0) return 'any';
  return others.length < 3 ? `any but ${others.join(' and ')}` : types.join(separator);
}

function typeText(type: ParameterType): string {
  return typeof type === 'string' ? type : typesText(type, ' or ');
}

/** The types of an overload as one row: parameters, pairs, rest, and last the result. */
function rowOf({ parameters, pairs, rest, result }: Signature): readonly string[] {
  return [...(pairs ?? []), ...parameters, ...(rest === undefined ? [] : [rest]), result].map(typeText);
}

/** What must be the same for overloads to share a line. */
function shapeOf({ parameters, pairs, rest }: Signature): string {
  return [parameters.length, pairs === undefined, rest === undefined].join();
}

function isUniform({ parameters: [first = 'any', ...others] }: Signature): boolean {
  return others.every((type) => typeText(type) === typeText(first));
}

/** Arguments and result, from the texts of rowOf. */
function line({ parameters, pairs, rest }: Signature, texts: readonly string[]): string {
  const own = [...texts];
  const paired = pairs === undefined ? [] : [`${own.splice(0, 2).join(', ')}, …`];
  const fixed = own.splice(0, parameters.length);
  const more = rest === undefined ? [] : [`${own.splice(0, 1).join('')} …`];
  return `(${[...paired, ...fixed, ...more].join(', ')}) → ${own.join('')}`;
}

/** One line with a letter for each type that varies; undefined where the overloads are not all combinations of such types. */
function shared(overloads: readonly Signature[]): string | undefined {
  const [first] = overloads;
  const rows = overloads.map(rowOf);
  if (first === undefined || overloads.length === 1) return undefined;
  const columns = rowOf(first).map((_, position) => rows.map((row) => row[position] ?? ''));
  const varying = [...new Set(columns.map((column) => column.join('|')))].filter((key) => new Set(key.split('|')).size > 1);
  const values = varying.map((key) => [...new Set(key.split('|'))]);
  const combinations = values.reduce((product, { length }) => product * length, 1);
  if (varying.length > LETTERS.length || combinations !== new Set(rows.map((row) => row.join('|'))).size) return undefined;
  const letterOf = (column: readonly string[]): string | undefined => LETTERS[varying.indexOf(column.join('|'))];
  const texts = columns.map((column) => letterOf(column) ?? column[0] ?? '');
  const legend = values.map((types, index) => `${LETTERS[index] ?? ''}: ${typesText(types, ', ')}`);
  return [line(first, texts), ...legend].join('; ');
}

function linesOf(overloads: readonly Signature[]): readonly string[] {
  const one = shared(overloads);
  return one === undefined ? [...new Set(overloads.map((overload) => line(overload, rowOf(overload))))] : [one];
}

function groupBy(overloads: readonly Signature[], key: (overload: Signature) => unknown): readonly (readonly Signature[])[] {
  const groups = new Map<unknown, Signature[]>();
  for (const overload of overloads) groups.set(key(overload), [...(groups.get(key(overload)) ?? []), overload]);
  return [...groups.values()];
}

export function signatureLines(overloads: readonly Signature[]): readonly string[] {
  return groupBy(overloads, shapeOf).flatMap((group) =>
    shared(group) === undefined ? groupBy(group, isUniform).flatMap(linesOf) : linesOf(group),
  );
}
