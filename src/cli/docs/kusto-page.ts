import { aggregationFunctions } from '../../functions/aggregates';
import type { Notation, Signature } from '../../functions/function';
import { oldNames } from '../../functions/old-names';
import { scalarFunctions } from '../../functions/scalar';
import { windowFunctions } from '../../functions/window';
import { tabularOperators } from '../../kql/operators-table';
import { signatureLines } from './signatures';

/** The generated parts of docs/kusto.md, from the tables that the binder and the engine read. */

interface Entry {
  readonly name: string;
  readonly meaning: string;
  readonly overloads: readonly Signature[];
}

/** What only plans call. */
const internal: ReadonlySet<string> = new Set(['row_any']);

const written: Readonly<Partial<Record<Notation, (name: string) => string>>> = {
  prefix: () => '-a',
  index: () => 'a[b], a.b',
  list: (name) => `${name} (…)`,
  range: (name) => `${name} (… .. …)`,
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');
}

const byName = (a: Entry, b: Entry): number => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1);

function functionTable(entries: readonly Entry[], show: (entry: Entry) => string = ({ name }) => name): string {
  const rows = entries
    .filter(({ name }) => !internal.has(name))
    .toSorted(byName)
    .map((entry) => [`\`${show(entry)}\``, signatureLines(entry.overloads).join('<br>'), entry.meaning]);
  return table(['', 'arguments → result', 'meaning'], rows);
}

const scalars = [...scalarFunctions.values()];

const blocks: Readonly<Record<string, () => string>> = {
  'tabular operators': () =>
    table(
      ['operator', 'meaning', 'refused'],
      tabularOperators.map(({ name, meaning, refused }) => [
        name
          .split(', ')
          .map((each) => `\`${each}\``)
          .join(', '),
        meaning,
        refused,
      ]),
    ),
  'operators between values': () =>
    functionTable(
      scalars.filter(({ notation }) => notation !== 'call'),
      ({ name }) => written[scalarFunctions.get(name)?.notation ?? 'call']?.(name) ?? name,
    ),
  'scalar functions': () => functionTable(scalars.filter(({ notation }) => notation === 'call')),
  'old names': () =>
    table(
      ['old', 'new'],
      [...oldNames].map((names) => names.map((name) => `\`${name}\``)),
    ),
  'aggregation functions': () => functionTable([...aggregationFunctions.values()]),
  'window functions': () => functionTable([...windowFunctions.values()]),
};

const BLOCK = /<!-- generated: ([a-z ]+) -->\n[^]*?<!-- end -->/g;

/** The page with each `<!-- generated: NAME -->` … `<!-- end -->` filled anew. Throws RangeError for a name that nothing is generated for. */
export function regenerate(page: string): string {
  return page.replace(BLOCK, (_, name: string) => {
    const block = blocks[name];
    if (block === undefined) throw new RangeError(`nothing is generated as "${name}"; there are ${Object.keys(blocks).join(', ')}`);
    return `<!-- generated: ${name} -->\n\n${block()}\n\n<!-- end -->`;
  });
}

/** What a page can have generated. */
export const blockNames: readonly string[] = Object.keys(blocks);
