import { evaluates } from '../../support/expression-table';

describe('functions of bits', () => {
  evaluates([
    ['binary_and(12, 10)', '8'],
    ['binary_or(12, 10)', '14'],
    ['binary_xor(12, 10)', '6'],
    ['binary_not(0)', '-1'],
    ['binary_and(l0, 1)', null],
    ['binary_shift_left(1, 2)', '4'],
    ['binary_shift_left(1, 63)', '-9223372036854775808'],
    ['binary_shift_left(1, 65)', '2'],
    ['binary_shift_left(1, -1)', null],
    ['binary_shift_right(-8, 1)', '-4'],
    ['binary_shift_right(8, -1)', null],
  ]);
});
