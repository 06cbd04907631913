import { strict, type Evaluator, type Overload, type ScalarFunction } from './function';

/** Three-valued: a side that decides wins over a null side; otherwise null. */
function connective(name: string, deciding: boolean): ScalarFunction {
  const prepare: Overload['prepare'] = (args): Evaluator => {
    return (row) => {
      let unknown = false;
      for (const arg of args) {
        const value = arg.at(row);
        if (value === deciding) return deciding;
        if (value === null) unknown = true;
      }
      return unknown ? null : !deciding;
    };
  };
  return {
    name,
    notation: 'infix',
    meaning: `${String(deciding)} as soon as one side is; else null where a side is null. \`where\` takes null as false.`,
    overloads: [{ parameters: ['bool', 'bool'], rest: 'bool', result: 'bool', prepare }],
  };
}

export const logicFunctions: readonly ScalarFunction[] = [
  connective('and', false),
  connective('or', true),
  {
    name: 'not',
    notation: 'call',
    meaning: 'null for null.',
    overloads: [{ parameters: ['bool'], result: 'bool', prepare: strict((value) => value !== true) }],
  },
];
