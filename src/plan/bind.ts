import type { CallExpression, ColumnPattern, Expression, JoinOperator, Operator, Projection, Query } from '../kql/ast';
import type { DatabaseSchema } from '../kql/database';
import type { Column } from '../value/types';
import { bindExpression, isAggregate, unsupported, type Scope } from './bind-expression';
import { columnsOf, joinBy } from './columns';
import { expandAggregates } from './expand-aggregates';
import { nameForUnnamed, uniqueNames } from './names';
import type { Aggregate, Expr, JoinKind, NamedExpr, PlanNode } from './plan';

/** What the names outside of columns mean at one place of a query. */
interface Environment {
  readonly scalars: ReadonlyMap<string, Expr>;
  /** Tabular `let`s, each with the names known where it stands; bound anew at each use, so each use has scans of its own. */
  readonly tables: ReadonlyMap<string, { readonly value: Expression; readonly environment: Environment }>;
}

/** `let`s that use one another twice over double at each step. */
const MAX_SCANS = 64;

class Binder {
  private readonly database: DatabaseSchema;
  private scans = 0;

  constructor(database: DatabaseSchema) {
    this.database = database;
  }

  query({ lets, body }: Query): PlanNode {
    let environment: Environment = { scalars: new Map(), tables: new Map() };
    for (const { name, value } of lets) {
      environment = this.isTabular(value, environment)
        ? { ...environment, tables: new Map([...environment.tables, [name, { value, environment }]]) }
        : { ...environment, scalars: new Map([...environment.scalars, [name, bindExpression(value, { columns: [], scalars: environment.scalars })]]) };
    }
    return this.table(body, environment);
  }

  private isTabular(value: Expression, environment: Environment): boolean {
    if (value.kind === 'pipe') return true;
    if (value.kind === 'name') return environment.tables.has(value.name) || this.database.tables.some(({ name }) => name === value.name);
    return value.kind === 'call' && this.database.tables.some(({ name, callable }) => callable && name === value.name);
  }

  private table(expression: Expression, environment: Environment): PlanNode {
    switch (expression.kind) {
      case 'pipe': {
        const input = this.table(expression.input, environment);
        return this.operator(expression.operator, input, environment);
      }
      case 'name': {
        const definition = environment.tables.get(expression.name);
        if (definition !== undefined) return this.table(definition.value, definition.environment);
        return this.scan(expression.name, expression);
      }
      case 'call':
        return this.tableFunction(expression, environment);
      default:
        throw unsupported(expression.span, 'A value where a table is due');
    }
  }

  private scan(name: string, { span }: Expression): PlanNode {
    const schema = this.database.tables.find((table) => table.name === name);
    if (schema === undefined) throw unsupported(span, `The table ${name}`);
    this.scans += 1;
    if (this.scans > MAX_SCANS) throw unsupported(span, `A query that reads tables more than ${MAX_SCANS} times`);
    return { kind: 'scan', scan: this.scans - 1, table: name, columns: schema.columns, span };
  }

  /** `F(starttime=a, endtime=b)` is its table between the two, both included; a null bound is none. */
  private tableFunction(call: CallExpression, { scalars }: Environment): PlanNode {
    if (!this.database.tables.some(({ name, callable }) => callable && name === call.name)) throw unsupported(call.span, `The function ${call.name} as a table`);
    const scan = this.scan(call.name, call);
    const bounds = call.args.flatMap(({ name, value }, index) => {
      const parameter = name ?? ['starttime', 'endtime'][index];
      const operator = parameter === 'starttime' ? '>=' : parameter === 'endtime' ? '<=' : undefined;
      if (operator === undefined) throw unsupported(value.span, `The parameter ${parameter ?? index + 1} of ${call.name}`);
      const bound = bindExpression(value, { columns: [], scalars });
      if (bound.kind === 'literal' && bound.text === null) return [];
      const time: Expr = { kind: 'column', name: 'TimeGenerated', type: 'datetime' };
      return [{ kind: 'call', type: 'bool', name: operator, args: [time, bound] } satisfies Expr];
    });
    const predicate = joinBy('and', bounds);
    return predicate === undefined ? scan : { kind: 'where', input: scan, predicate, span: call.span };
  }

  private operator(operator: Operator, input: PlanNode, environment: Environment): PlanNode {
    const { span } = operator;
    const columns = columnsOf(input);
    const scope: Scope = { columns, scalars: environment.scalars };
    const project = (named: readonly NamedExpr[]): PlanNode => ({ kind: 'project', input, columns: named, span });
    switch (operator.kind) {
      case 'where':
        return { kind: 'where', input, predicate: bindExpression(operator.predicate, scope), span };
      case 'project':
        return project(bindProjections(operator.columns, scope, new Set()));
      case 'extend':
        return project(extended(columns, bindProjections(operator.columns, scope, new Set(columns.map(({ name }) => name)))));
      case 'project-rename':
        return project(renamed(columns, operator.columns));
      case 'project-away': {
        const away = matching(columns, operator.patterns);
        return project(columns.filter((column) => !away.includes(column)).map(keep));
      }
      case 'project-keep': {
        const kept = matching(columns, operator.patterns);
        return project(columns.filter((column) => kept.includes(column)).map(keep));
      }
      case 'project-reorder': {
        const first = matching(columns, operator.patterns);
        return project([...first, ...columns.filter((column) => !first.includes(column))].map(keep));
      }
      case 'distinct': {
        const keys = operator.columns === undefined ? columns.map(keep) : bindProjections(operator.columns, scope, new Set());
        return { kind: 'summarize', input, keys, aggregates: [], span };
      }
      case 'count':
        return { kind: 'summarize', input, keys: [], aggregates: [{ name: 'Count', fn: 'count', args: [], type: 'long' }], span };
      case 'summarize':
        return summarize(operator, input, scope);
      case 'join':
        return this.join(operator, input, environment);
    }
  }

  private join(operator: JoinOperator, left: PlanNode, environment: Environment): PlanNode {
    const right = this.table(operator.right, environment);
    const joinKind = joinKinds.get(operator.joinKind ?? 'innerunique');
    if (joinKind === undefined) {
      const what = operator.joinKind === undefined ? 'A join without a kind (which is innerunique)' : `The join kind ${operator.joinKind}`;
      throw unsupported(operator.span, what, 'Write kind=inner, if that is what the rule means.');
    }
    const [leftColumns, rightColumns] = [columnsOf(left), columnsOf(right)];
    const keys = operator.on.map((condition) => joinKey(condition, leftColumns, rightColumns));
    const names = uniqueNames([...leftColumns, ...rightColumns].map(({ name }) => name));
    const columns = [
      ...leftColumns.map((column) => ({ side: 'left' as const, column })),
      ...rightColumns.map((column) => ({ side: 'right' as const, column })),
    ].map(({ side, column }, index) => ({ side, from: column.name, name: names[index] ?? column.name, type: column.type }));
    return { kind: 'join', joinKind, left, right, keys, columns, span: operator.span };
  }
}

const joinKinds: ReadonlyMap<string, JoinKind> = new Map([['inner', 'inner']]);

const keep = ({ name, type }: Column): NamedExpr => ({ name, expr: { kind: 'column', name, type } });

/** Names and expressions of a list of columns. `taken` are names that an unnamed expression must not take. */
function bindProjections(projections: readonly Projection[], scope: Scope, taken: ReadonlySet<string>): readonly NamedExpr[] {
  const names = new Set([...taken, ...projections.flatMap(({ name }) => name ?? [])]);
  return projections.map(({ name, autoName, value }) => {
    const expr = bindExpression(value, scope);
    // A bare column keeps its name also where extend has that column already.
    const given = name ?? (value.kind === 'name' && expr.kind === 'column' ? value.name : nameForUnnamed(autoName, names));
    names.add(given);
    return { name: given, expr };
  });
}

/** extend: a column of a name that exists is replaced where it stands, the others follow. */
function extended(columns: readonly Column[], added: readonly NamedExpr[]): readonly NamedExpr[] {
  const byName = new Map(added.map((column) => [column.name, column]));
  const existing = columns.map((column) => byName.get(column.name) ?? keep(column));
  return [...existing, ...added.filter(({ name }) => !columns.some((column) => column.name === name))];
}

function renamed(columns: readonly Column[], renames: readonly Projection[]): readonly NamedExpr[] {
  const newNames = new Map(
    renames.map(({ name, value, span }) => {
      if (name === undefined || value.kind !== 'name') throw unsupported(span, 'project-rename of anything but Name = Column');
      return [value.name, name];
    }),
  );
  return columns.map((column) => ({ ...keep(column), name: newNames.get(column.name) ?? column.name }));
}

/** The columns that the patterns name, in the order of the patterns, each once. */
function matching(columns: readonly Column[], patterns: readonly ColumnPattern[]): readonly Column[] {
  const matched = patterns.flatMap(({ pattern }) => {
    const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const regex = new RegExp(`^${parts.join('.*')}$`, 's');
    return columns.filter(({ name }) => regex.test(name));
  });
  return [...new Set(matched)];
}

function summarize({ aggregates: wanted, by, span }: Extract<Operator, { kind: 'summarize' }>, input: PlanNode, scope: Scope): PlanNode {
  const keys = bindProjections(by, scope, new Set());
  const aggregates: Aggregate[] = [];
  const named = bindProjections(
    expandAggregates(wanted, by, scope.columns),
    {
      // Outside of an aggregate only the keys are to be had; Microsoft's binder has checked that.
      ...scope,
      aggregate: (fn, args, type) => {
        const name = `$${aggregates.length}`;
        aggregates.push({ name, fn, args, type });
        return { kind: 'column', name, type };
      },
    },
    new Set(keys.map(({ name }) => name)),
  );
  const direct = named.map(({ name, expr }) => {
    const aggregate = isAggregate(expr, aggregates);
    return aggregate === undefined ? undefined : { ...aggregate, name };
  });
  const finished = direct.filter((aggregate) => aggregate !== undefined);
  if (finished.length === named.length) return { kind: 'summarize', input, keys, aggregates: finished, span };
  // An expression over aggregates is computed after them.
  const inner: PlanNode = { kind: 'summarize', input, keys, aggregates, span };
  const keyColumns = keys.map(({ name, expr }) => keep({ name, type: expr.type }));
  return { kind: 'project', input: inner, columns: [...keyColumns, ...named], span };
}

function joinKey(condition: Expression, left: readonly Column[], right: readonly Column[]): { readonly left: string; readonly right: string } {
  const key = keyNames(condition);
  const [leftType, rightType] = [
    left.find(({ name }) => name === key.left)?.type,
    right.find(({ name }) => name === key.right)?.type,
  ];
  if (leftType === undefined || leftType !== rightType || leftType === 'dynamic' || leftType === 'real') {
    throw unsupported(condition.span, `A join of ${leftType ?? 'nothing'} with ${rightType ?? 'nothing'}`, 'Join columns of one and the same type.');
  }
  return key;
}

/** `Name`, or `$left.A == $right.B` in either order. */
function keyNames(condition: Expression): { readonly left: string; readonly right: string } {
  if (condition.kind === 'name') return { left: condition.name, right: condition.name };
  if (condition.kind === 'call' && condition.name === '==') {
    const sides = new Map(
      condition.args.flatMap(({ value }) => (value.kind === 'path' && value.target.kind === 'name' ? [[value.target.name, value.member] as const] : [])),
    );
    const [left, right] = [sides.get('$left'), sides.get('$right')];
    if (left !== undefined && right !== undefined) return { left, right };
  }
  throw unsupported(condition.span, 'A join condition other than names and $left.A == $right.B');
}

/** A query's plan, over all columns of its tables. Throws QueryRefused at the first construct that cannot be run. */
export function bindQuery(query: Query, database: DatabaseSchema): PlanNode {
  return new Binder(database).query(query);
}

