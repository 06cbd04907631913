import { kqlExpression } from '../../../src/plan/kql-text';
import type { Plan } from '../../../src/plan/plan';
import { compile, exampleColumns } from '../../support/run-query';

const predicateOf = (plan: Plan) => {
  const predicate = plan.tables[0]?.predicate;
  if (predicate === undefined) throw new Error('no predicate');
  return predicate;
};

it.each([
  ["d.name == 'x'", 'd["name"] == "x"'],
  ["d['odd key'].deep[-1] == 3", 'd["odd key"]["deep"][-1] == 3'],
  ["tostring(split(s, '\\\\')[-1]) =~ 'x'", 'tostring(split(s, "\\\\")[-1]) =~ "x"'],
  ['a[l] == 1', 'a[l] == 1'],
  ['a[l - 1] == 1', 'a[(l - 1)] == 1'],
  ["s matches regex @'\\d+\"'", 's matches regex "\\\\d+\\""'],
  ["case(b, 'x', i > 3, 'y', 'z') in ('x', 'y')", 'case(b, "x", i > 3, "y", "z") in ("x", "y")'],
  ['-l < 3 and l % 2 == 0 and r / 2 > 1', '((-l) < 3) and ((l % 2) == 0) and ((r / real(2.0)) > real(1.0))'],
  ['r < 1.0 / 0 and r > -1.0 / 0 and r != 0.0 / 0', '(r < real(+inf)) and (r > real(-inf)) and (r != real(nan))'],
  ["s in (dynamic(['a', 'b']))", 's in ("a", "b")'],
  ['s in (d.tags)', 's in (d["tags"])'],
  ['array_index_of(dynamic([datetime(2026-03-10)]), s) >= 0', 'array_index_of(dynamic([datetime(2026-03-10T00:00:00.0000000Z)]), s) >= 0'],
])('%s is pushed down as %s, and means the same', async (written, expected) => {
  const predicate = predicateOf(await compile(`T | where ${written}`, exampleColumns));
  expect(kqlExpression(predicate)).toBe(expected);
  expect(predicateOf(await compile(`T | where ${expected}`, exampleColumns))).toEqual(predicate);
});
