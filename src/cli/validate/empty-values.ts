import { originsOf } from '../../plan/origins';
import { scanPredicates } from '../../plan/predicates';
import type { ColumnOrigin, Expr } from '../../plan/plan';
import { nodesOf } from '../plan-nodes';
import { canPass, factsOf, type RowExample } from './column-facts';
import { mappingPlaces, type Check, type CheckSubject, type Finding } from './finding';

type Predicates = ReadonlyMap<number, readonly Expr[]>;

function predicatesOf({ rule }: CheckSubject): Predicates {
  return new Map([...scanPredicates(rule.plan.root)].map(([{ scan }, predicates]) => [scan, predicates]));
}

/** Rows without a value in this column that the scan lets through. */
function emptyRows({ scan, table, column }: ColumnOrigin, predicates: Predicates): readonly RowExample[] {
  return factsOf(table).empty.filter((example) => example.column === column && canPass(example, predicates.get(scan) ?? []));
}

const valueOf = ({ row, column }: RowExample): string => String(row[column]);
const said = (example: RowExample): string => (valueOf(example) === '' ? 'empty' : `"${valueOf(example)}"`);

function emptyKeys(
  { rule }: CheckSubject,
  predicates: Predicates,
): readonly { readonly finding: Finding; readonly columns: readonly string[] }[] {
  return nodesOf(rule.plan.root).flatMap((node) => {
    if (node.kind !== 'join') return [];
    return node.keys.flatMap((key) => {
      const origins = [originsOf(node.left, key.left), originsOf(node.right, key.right)];
      const [left = [], right = []] = origins.map((side) => side.flatMap((origin) => emptyRows(origin, predicates)));
      const example = left.find((each) => right.some((other) => valueOf(other) === valueOf(each)));
      if (example === undefined) return [];
      const name = key.left === key.right ? key.left : `${key.left} and ${key.right}`;
      const message = `rows whose ${name} is ${said(example)} join one another; it is so in rows of ${example.rows}`;
      return [
        {
          finding: { code: 'WISE004' as const, message, at: node.span },
          columns: origins.flat().map(({ table, column }) => `${table}.${column}`),
        },
      ];
    });
  });
}

/** Join keys and mapped columns that often have no value, where the rule does not filter those rows out. A column is reported once. */
export const emptyValues: Check = (subject) => {
  const predicates = predicatesOf(subject);
  const places = mappingPlaces(subject);
  const keys = emptyKeys(subject, predicates);
  const reported = new Set(keys.flatMap(({ columns }) => columns));
  const mapped = subject.rule.facts.entityMappings.flatMap(({ entityType, fieldMappings }, index) =>
    fieldMappings.flatMap(({ identifier, columnName, origins }): readonly Finding[] => {
      const examples = origins.map((origin) => emptyRows(origin, predicates)[0]);
      const [example] = examples;
      if (example === undefined || examples.includes(undefined)) return [];
      if (origins.some(({ table, column }) => reported.has(`${table}.${column}`))) return [];
      const message = `${entityType} ${identifier} is mapped to ${columnName}, which is ${said(example)} in rows of ${example.rows}`;
      return [{ code: 'WISE005', message, at: places[index] ?? subject.document.queryPlace }];
    }),
  );
  return [...keys.map(({ finding }) => finding), ...mapped];
};
