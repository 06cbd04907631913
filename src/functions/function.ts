import type { Instant } from '../value/instant';
import type { ScalarType, Value } from '../value/types';

/** The values of one row, in the order of its columns. */
export type RowValues = readonly Value[];

/** What an evaluation is given beside its rows. */
export interface EvaluationContext {
  /** The instant that now() gives, the same throughout one evaluation. */
  readonly now: Instant;
}

/** An argument as a function sees it once for a query: its type, its constant value if it has one, and how to get it of a row. */
export interface Argument {
  readonly type: ScalarType;
  /** Undefined where the value differs from row to row. */
  readonly constant: Value | undefined;
  readonly at: (row: RowValues) => Value;
}

export type Evaluator = (row: RowValues) => Value;

/** `any` takes every type as it is; `numeric` int, long, real, all widened to the widest among them. */
export type ParameterType = ScalarType | 'any';

export interface Overload {
  readonly parameters: readonly ParameterType[];
  /** The type of any number of further arguments. */
  readonly rest?: ParameterType;
  readonly result: ScalarType;
  /** Called once for a query; what it returns is called once for a row. */
  readonly prepare: (args: readonly Argument[], context: EvaluationContext) => Evaluator;
}

/** How a call is written in KQL: f(a, b) · a f b · a f (b, c) · a f (b .. c) · f a. */
export type Notation = 'call' | 'infix' | 'list' | 'range' | 'prefix';

/** One scalar function or operator of Kusto: the binder, the engine, the pushdown and the documentation read this entry. */
export interface ScalarFunction {
  readonly name: string;
  readonly notation: Notation;
  /** What it does beyond its name, above all with null; for docs/kusto.md. */
  readonly meaning: string;
  readonly overloads: readonly Overload[];
  /** True where the value depends on the instant of the evaluation. */
  readonly usesNow?: boolean;
}

/** An evaluator that is null wherever an argument is. */
export function strict(compute: (...values: NonNullable<Value>[]) => Value): Overload['prepare'] {
  return (args) => {
    const [first, second] = args;
    if (first !== undefined && args.length === 1) {
      return (row) => {
        const value = first.at(row);
        return value === null ? null : compute(value);
      };
    }
    if (first !== undefined && second !== undefined && args.length === 2) {
      return (row) => {
        const left = first.at(row);
        if (left === null) return null;
        const right = second.at(row);
        return right === null ? null : compute(left, right);
      };
    }
    return (row) => {
      const values: NonNullable<Value>[] = [];
      for (const arg of args) {
        const value = arg.at(row);
        if (value === null) return null;
        values.push(value);
      }
      return compute(...values);
    };
  };
}

/** An evaluator that sees nulls itself. */
export function nullable(compute: (...values: Value[]) => Value): Overload['prepare'] {
  return (args) => (row) => compute(...args.map((arg) => arg.at(row)));
}
