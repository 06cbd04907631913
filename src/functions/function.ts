import type { Instant } from '../value/instant';
import { formatValue } from '../value/text';
import type { ScalarType, Value } from '../value/types';

/** The values of one row, in the order of its columns. */
export type RowValues = readonly Value[];

/** What an evaluation is given beside its rows. */
export interface EvaluationContext {
  /** The instant that now() gives, the same throughout one evaluation. */
  readonly now: Instant;
  /** The most elements of arrays that may be made of a few values, as range() does; by default as many as rows may be held. */
  readonly maxElements?: number;
}

/** An argument as a function sees it once for a query: its type, its constant value if it has one, and how to get it of a row. */
export interface Argument {
  readonly type: ScalarType;
  /** Undefined where the value differs from row to row. */
  readonly constant: Value | undefined;
  readonly at: (row: RowValues) => Value;
}

export type Evaluator = (row: RowValues) => Value;

/** One type, one of several, or `any`, which takes every type as it is. */
export type ParameterType = ScalarType | 'any' | readonly ScalarType[];

/** The parameters of an overload, by which it is chosen. */
export interface Signature {
  readonly parameters: readonly ParameterType[];
  /** Two types that may stand before the parameters any number of times, as in case(p, a, p, b, c). */
  readonly pairs?: readonly [ParameterType, ParameterType];
  /** The type of any number of further arguments. */
  readonly rest?: ParameterType;
  readonly result: ScalarType;
  /** Why a call with these constants cannot be run, as a noun phrase; undefined stands for an argument that differs from row to row. */
  readonly refuses?: (constants: readonly (Value | undefined)[]) => string | undefined;
}

export interface Overload extends Signature {
  /** Called once for a query; what it returns is called once for a row. */
  readonly prepare: (args: readonly Argument[], context: EvaluationContext) => Evaluator;
}

/** How a call is written in KQL: f(a, b) · a f b · a f (b, c) · a f (b .. c) · -a · a[b]. */
export type Notation = 'call' | 'infix' | 'list' | 'range' | 'prefix' | 'index';

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

/** A function that is written f(a, b). */
export function callable(name: string, meaning: string, overloads: readonly Overload[]): ScalarFunction {
  return { name, notation: 'call', meaning, overloads };
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

/** The argument as tostring() gives it; '' where there is none. */
export function textAt(arg: Argument | undefined): (row: RowValues) => string {
  if (arg === undefined) return () => '';
  if (arg.type === 'string') return arg.at as (row: RowValues) => string;
  return (row) => formatValue(arg.type, arg.at(row));
}

/** An evaluator over tostring() of each argument, for functions that cast to string whatever they are given. */
export function overTexts(compute: (...texts: string[]) => Value): Overload['prepare'] {
  return (args) => {
    const texts = args.map(textAt);
    const [only] = texts;
    if (only !== undefined && texts.length === 1) return (row) => compute(only(row));
    return (row) => compute(...texts.map((text) => text(row)));
  };
}
