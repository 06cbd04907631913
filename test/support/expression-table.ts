import { compile, evaluateExpression, exampleColumns } from './run-query';

/** Tests of scalar functions as tables of expressions over the example row of run-query. */

type Expected = string | null;

/** One test for each expression: its value as text, null for Kusto's null. */
export function evaluates(cases: readonly (readonly [expression: string, value: Expected])[]): void {
  it.each(cases)('%s is %s', async (expression, value) => {
    expect((await evaluateExpression(expression))[1]).toBe(value);
  });
}

/** One test for each expression: it is an error when the rule is compiled. */
export function refused(cases: readonly string[]): void {
  it.each(cases)('%s is refused', async (expression) => {
    await expect(compile(`T | project X = ${expression}`, exampleColumns)).rejects.toThrow('KQL001');
  });
}
