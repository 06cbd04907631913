import { asArray, asBag } from './dynamic-value';
import { callable, textAt, type Overload, type ScalarFunction } from './function';
import { parseJson } from '../value/json';
import { formatValue } from '../value/text';
import type { Dynamic, Value } from '../value/types';

/** extract_json: a constant path of names and indices, $.a.b['c d'][0], into a JSON text. https://learn.microsoft.com/kusto/query/jsonpath */

const STEP = /\.([A-Za-z_]\w*)|\['([^'\\]*)'\]|\["([^"\\]*)"\]|\[(\d+)\]/y;

function parsePath(path: Value | undefined): readonly (string | number)[] | undefined {
  if (typeof path !== 'string' || !path.startsWith('$')) return undefined;
  const steps: (string | number)[] = [];
  for (let at = 1; at < path.length;) {
    STEP.lastIndex = at;
    const match = STEP.exec(path);
    if (match === null) return undefined;
    const name = match[1] ?? match[2] ?? match[3];
    steps.push(name ?? Number(match[4]));
    at = STEP.lastIndex;
  }
  return steps;
}

const extract: Overload = {
  parameters: ['string', ['string', 'dynamic']],
  result: 'string',
  refuses: ([path]) => (parsePath(path) === undefined ? 'a path that is not constant or has more than names and indices' : undefined),
  prepare: ([path, source]) => {
    const steps = parsePath(path?.constant) ?? [];
    const text = textAt(source);
    return (row) => {
      let value: Dynamic = parseJson(text(row)) ?? null;
      for (const step of steps) value = (typeof step === 'string' ? asBag(value)?.get(step) : asArray(value)?.[step]) ?? null;
      return formatValue('dynamic', value);
    };
  },
};

export const jsonPathFunctions: readonly ScalarFunction[] = ['extract_json', 'extractjson'].map((name) =>
  callable(name, "tostring() of what the path leads to; '' where it leads to nothing, or the text is not JSON.", [extract]),
);
