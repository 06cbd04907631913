import type {
  Argument,
  CallExpression,
  Expression,
  FunctionExpression,
  LetStatement,
  Operator,
  PipeExpression,
  Query,
  UnionExpression,
} from '../kql/ast';
import type { DatabaseSchema, DatabaseTable } from '../kql/database';
import { unsupported } from '../kql/problem';
import type { Column } from '../value/types';
import { bindExpression, type Scope } from './bind-expression';
import { Attachments } from './bind/attachments';
import type { BindOperator } from './bind/binding';
import { calledEnvironment, emptyEnvironment, withFunction, withScalar, withTable, type Environment } from './bind/environment';
import { attachIngestionTime } from './bind/ingestion-time';
import { operators } from './bind/operators';
import { bindDatatable, bindPrint, bindRange } from './bind/source';
import { attachMembership, attachScalar, isMembership } from './bind/subquery';
import { bindUnion } from './bind/union';
import { attachWindow, isWindowFunction } from './bind/window';
import { columnsOf, joinBy } from './columns';
import { requireInferred } from './inferred';
import type { Expr, PlanNode } from './plan';

/** `let`s that use one another twice over double at each step. */
const MAX_SCANS = 64;

class Binder {
  private readonly database: DatabaseSchema;
  private readonly attachments = new Attachments();
  private scans = 0;

  constructor(database: DatabaseSchema) {
    this.database = database;
  }

  query({ lets, body }: Query): PlanNode {
    return this.table(body, this.afterLets(lets, emptyEnvironment));
  }

  private afterLets(lets: readonly LetStatement[], outer: Environment): Environment {
    let environment = outer;
    for (const { name, value } of lets) {
      if (value.kind === 'function') environment = withFunction(environment, name, value);
      else if (this.isTable(value, environment)) environment = withTable(environment, name, value, environment);
      else environment = withScalar(environment, name, bindExpression(value, this.scope([], environment)));
    }
    return environment;
  }

  private databaseTable(name: string): DatabaseTable | undefined {
    return this.database.tables.find((table) => table.name === name);
  }

  /** What an expression is does not depend on values, so scalars may stand for one another here. */
  private isTable(value: Expression, environment: Environment): boolean {
    switch (value.kind) {
      case 'pipe':
      case 'datatable':
      case 'range':
      case 'print':
      case 'union':
        return true;
      case 'name':
        if (environment.scalars.has(value.name)) return false;
        if (environment.tables.has(value.name) || this.databaseTable(value.name) !== undefined) return true;
        return environment.functions.has(value.name) && this.isTable({ ...value, kind: 'call', args: [] }, environment);
      case 'call': {
        const called = environment.functions.get(value.name);
        if (called === undefined) return value.name === 'materialize' || this.databaseTable(value.name)?.callable === true;
        return this.isTable(called.value.body, this.kindsInside(called.value, called.environment));
      }
      default:
        return false;
    }
  }

  /** The names in a function's body, each as the kind of thing that it is. */
  private kindsInside({ parameters, lets }: FunctionExpression, outer: Environment): Environment {
    const scalar: Expr = { kind: 'literal', type: 'bool', text: null };
    let environment = outer;
    for (const { name, type, span } of parameters) {
      if (typeof type === 'string') environment = withScalar(environment, name, scalar);
      else environment = withTable(environment, name, { kind: 'print', columns: [], span }, environment);
    }
    for (const { name, value } of lets) {
      if (value.kind === 'function') environment = withFunction(environment, name, value);
      else if (this.isTable(value, environment)) environment = withTable(environment, name, value, environment);
      else environment = withScalar(environment, name, scalar);
    }
    return environment;
  }

  private table(expression: Expression, environment: Environment): PlanNode {
    switch (expression.kind) {
      case 'pipe':
        return checked(this.operator(expression.operator, this.table(expression.input, environment), environment), expression);
      case 'name': {
        const definition = environment.tables.get(expression.name);
        if (definition !== undefined) return this.table(definition.value, definition.environment);
        if (environment.functions.has(expression.name)) return this.table({ ...expression, kind: 'call', args: [] }, environment);
        return this.scan(expression.name, expression);
      }
      case 'call':
        return this.calledTable(expression, environment);
      case 'union':
        return checked(this.union(expression, environment), expression);
      case 'datatable':
        return bindDatatable(expression, this.scope([], environment));
      case 'range': {
        const range = bindRange(expression, this.scope([], environment));
        if (range.kind === 'range' && this.attachments.areRead(range.from, range.to))
          throw unsupported(expression.span, 'A range by the result of a query');
        return range;
      }
      case 'print': {
        const print = bindPrint(expression, this.scope([], environment));
        return print.kind === 'project' ? this.attachments.attachTo(print, print.input) : print;
      }
      default:
        throw unsupported(expression.span, 'A value where a table is due');
    }
  }

  private scan(name: string, { span }: Expression): PlanNode {
    const schema = this.databaseTable(name);
    if (name.includes('*')) throw unsupported(span, 'A pattern in place of a table', 'Name the tables one by one.');
    if (schema === undefined)
      throw unsupported(
        span,
        `The table ${name}, of which no schema is known,`,
        'Describe it in a schema file of your own, in rules/schemas or with --schema FILE.',
      );
    const odd = schema.columns.find((column) => column.name.startsWith('$'));
    if (odd !== undefined) throw unsupported(span, `A table with a column ${odd.name}`);
    this.scans += 1;
    if (this.scans > MAX_SCANS) throw unsupported(span, `A query that reads tables more than ${MAX_SCANS} times`);
    return { kind: 'scan', scan: this.scans - 1, table: name, columns: schema.columns, span };
  }

  private calledTable(call: CallExpression, environment: Environment): PlanNode {
    const [argument] = call.args;
    if (call.name === 'materialize' && argument !== undefined) return this.table(argument.value, environment);
    const called = environment.functions.get(call.name);
    if (called === undefined) return this.tableFunction(call, environment);
    const parameters = calledEnvironment(call, called, environment, this.scope([], environment));
    return this.table(called.value.body, this.afterLets(called.value.lets, parameters));
  }

  /** `F(starttime=a, endtime=b)` is its table between the two, both included; a null one sets no bound. */
  private tableFunction(call: CallExpression, environment: Environment): PlanNode {
    if (this.databaseTable(call.name)?.callable !== true) throw unsupported(call.span, `The function ${call.name} as a table`);
    const scan = this.scan(call.name, call);
    const bounds = call.args.flatMap(({ name, value }, index): readonly Expr[] => {
      const parameter = name ?? ['starttime', 'endtime'][index];
      const operator = parameter === 'starttime' ? '>=' : parameter === 'endtime' ? '<=' : undefined;
      if (operator === undefined) throw unsupported(value.span, `The parameter ${parameter ?? index + 1} of ${call.name}`);
      const bound = bindExpression(value, this.scope([], environment));
      if (bound.kind === 'literal' && bound.text === null) return [];
      return [{ kind: 'call', type: 'bool', name: operator, args: [{ kind: 'column', name: 'TimeGenerated', type: 'datetime' }, bound] }];
    });
    const predicate = joinBy('and', bounds);
    return predicate === undefined ? scan : this.attachments.attachTo({ kind: 'where', input: scan, predicate, span: call.span }, scan);
  }

  /** A table of the database has a name to be the source under, and what `as` has named. */
  private union(union: UnionExpression, environment: Environment): PlanNode {
    const sources = union.inputs.map((input, index) => {
      const given = union.sourceNames[index];
      if (given !== undefined) return given;
      const isOwn = input.kind === 'name' && !environment.tables.has(input.name) && !environment.functions.has(input.name);
      if (union.sourceColumn === undefined) return '';
      if (!isOwn || this.databaseTable(input.name)?.callable === true)
        throw unsupported(input.span, 'withsource over anything but tables', 'Name each part with `| as NAME`, which is then its source.');
      return input.name;
    });
    const inputs = union.inputs.map((input) => this.table(input, environment));
    return bindUnion(union, inputs, sources);
  }

  private operator(operator: Operator, input: PlanNode, environment: Environment): PlanNode {
    // TypeScript cannot follow that the entry is the one for this very kind.
    const bind = operators[operator.kind] as BindOperator<Operator['kind']>;
    const node = bind(operator, input, {
      scope: (columns) => this.scope(columns, environment),
      table: (expression) => this.table(expression, environment),
      operator: (inner, rows) => this.operator(inner, rows, environment),
    });
    return this.attachments.attachTo(node, input);
  }

  private scope(columns: readonly Column[], environment: Environment): Scope {
    return { columns, scalars: environment.scalars, special: (call, scope) => this.special(call, scope, environment) };
  }

  private special(call: CallExpression, scope: Scope, environment: Environment): Expr | undefined {
    const called = environment.functions.get(call.name);
    if (called !== undefined) {
      const parameters = calledEnvironment(call, called, environment, scope);
      const body = this.afterLets(called.value.lets, parameters);
      return bindExpression(called.value.body, this.scope([], body));
    }
    const [first, second] = call.args;
    if (isWindowFunction(call.name)) return attachWindow(call, scope, this.attachments);
    if (call.name === 'ingestion_time') return attachIngestionTime(call, this.attachments);
    if (call.name === 'toscalar' && first !== undefined) {
      if (!this.isTable(first.value, environment)) return bindExpression(first.value, scope);
      return attachScalar(this.subquery(first, environment), this.attachments);
    }
    const isColumn = ({ value }: Argument): boolean => value.kind === 'name' && scope.columns.some(({ name }) => name === value.name);
    if (call.args.length !== 2 || second === undefined || isColumn(second)) return undefined;
    const isList = isMembership(call.name) || call.name === 'has_all';
    if (!isList || !this.isTable(second.value, environment)) return undefined;
    if (call.name === 'has_all') return this.hasAll(call, scope, environment);
    return attachMembership(call, scope, this.subquery(second, environment), this.attachments);
  }

  /** `x has_all (datatable)` is `x has_all (a, b, …)`; what it is of a table without rows, as of a query that finds none, is not documented. */
  private hasAll(call: CallExpression, scope: Scope, environment: Environment): Expr {
    const [subject, list] = call.args;
    const table = list === undefined ? undefined : this.table(list.value, environment);
    const values = table?.kind === 'values' ? table.rows.flatMap(([first]) => first ?? []) : [];
    if (subject === undefined || values.length === 0)
      throw unsupported(call.span, 'has_all of a query', 'Write the values as dynamic([…]).');
    const items = values.map(({ type, text }): Argument => ({ value: { kind: 'literal', type, text, span: call.span } }));
    return bindExpression({ ...call, args: [subject, ...items] }, scope);
  }

  /** A query inside an expression, bound anew at each use. */
  private subquery({ value }: Argument, environment: Environment): () => PlanNode {
    if (environment.inRow) throw unsupported(value.span, 'A query inside a function of a row’s values');
    return () => this.table(value, environment);
  }
}

function checked(node: PlanNode, { columns, span }: PipeExpression | UnionExpression): PlanNode {
  if (columns !== undefined) requireInferred(columnsOf(node), columns, span);
  return node;
}

/** A query's plan, over all columns of its tables. Throws QueryRefused at the first construct that cannot be run. */
export function bindQuery(query: Query, database: DatabaseSchema): PlanNode {
  return new Binder(database).query(query);
}
