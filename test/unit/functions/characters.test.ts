import { evaluates } from '../../support/expression-table';

describe('characters and digits', () => {
  evaluates([
    ["strcmp('ABC', 'ABC')", '0'],
    ["strcmp('abc', 'ABC')", '1'],
    ["strcmp('ABC', 'abc')", '-1'],
    ["strcmp('abcde', 'abc')", '1'],
    ["strcmp(s0, 'a')", '-1'],
    ['tohex(256)', '100'],
    ['tohex(-256)', 'ffffffffffffff00'],
    ['tohex(toint(-256), 8)', 'ffffff00'],
    ['tohex(toint(-1))', 'ffffffff'],
    ['tohex(256, 8)', '00000100'],
    ['tohex(256, 2)', '100'],
    ['tohex(256, 99)', '0000000000000100'],
    ['tohex(l0)', ''],
    ['tohex(l, i0)', ''],
    ["unicode_codepoints_from_string('a\u00e9\u{1F352}')", '[97,233,127826]'],
    ['unicode_codepoints_from_string(s0)', '[]'],
    ['unicode_codepoints_to_string(75, 117)', 'Ku'],
    ['unicode_codepoints_to_string(dynamic([75, 117]), 116)', 'Kut'],
    ['unicode_codepoints_to_string(-1)', ''],
    ['unicode_codepoints_to_string(55296)', ''],
    ['unicode_codepoints_to_string(a)', ''],
  ]);
});
