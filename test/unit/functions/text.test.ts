import { evaluates, refused } from '../../support/expression-table';

describe('text functions', () => {
  evaluates([
    ["strcat(s, '/', l, '/', l0)", 'Net User.exe/7/'],
    ["strcat_delim('|', 'a', l, s0)", 'a|7|'],
    ["strcat_array(d.tags, ';')", 'x;y'],
    ["strcat_array(dynamic([1, 2, 3]), '->')", '1->2->3'],
    ["strcat_array(d.name, ';')", ''],
    ["tolower('ÄB')", 'äb'],
    ['toupper(d.name)', 'ANN'],
    ["toupper('straße é')", 'STRAßE É'],
    ["reverse('abc')", 'cba'],
    ['reverse(12345)', '54321'],
    ["strlen('hello')", '5'],
    ["strlen('a😀')", '2'],
    ["isempty('')", 'true'],
    ['isempty(s0)', 'true'],
    ['isempty(l0)', 'true'],
    ['isempty(d.absent)', 'true'],
    ['isempty(dynamic([]))', 'false'],
    ['isnotempty(s)', 'true'],
    ['isnull(l0)', 'true'],
    ['isnull(s0)', 'false'],
    ['isnotnull(d.n)', 'true'],
    ['isnull(d.none)', 'true'],
    ["isascii('abc')", 'true'],
    ["isascii('ä')", 'false'],
  ]);
});

describe('substring', () => {
  evaluates([
    ["substring('123456', 1)", '23456'],
    ["substring('123456', 2, 2)", '34'],
    ["substring('ABCD', 0, 2)", 'AB'],
    ["substring('123456', -2, 2)", '56'],
    ["substring('abc', 5)", ''],
    ["substring('abc', 1, 99)", 'bc'],
    ["substring('abc', long(null))", ''],
  ]);
});

describe('indexof', () => {
  evaluates([
    ["indexof('abcdefg', 'cde')", '2'],
    ["indexof('abcdefg', 'cde', 1, 4)", '2'],
    ["indexof('abcdefg', 'cde', 1, 2)", '-1'],
    ["indexof('abcdefg', 'cde', 3, 4)", '-1'],
    ["indexof('abcdefg', 'cde', -5)", '2'],
    ['indexof(1234567, 5, 1, 4)', '4'],
    ["indexof('abcdefg', 'cde', 2, -1)", '2'],
    ["indexof('abcdefgabcdefg', 'cde', 1, -1, 2)", '9'],
    ["indexof('abcdefgabcdefg', 'cde', 1, -1, 3)", '-1'],
    ["indexof('abc', 'a', 0, -2)", null],
  ]);
  refused(["indexof('abcdefgabcdefg', 'cde', 1, 10, 2)"]);
});

describe('replacement', () => {
  evaluates([
    ["replace_string('aaa', 'aa', 'b')", 'ba'],
    ["replace_string('a$&b', '$&', '$1')", 'a$1b'],
    ["replace_string(s, '', 'x')", 'Net User.exe'],
    ["translate('abc', 'x', 'abc')", 'xxx'],
    ["translate('abc', '', 'ab')", ''],
    ["translate('krasp', 'otsku', 'spark')", 'kusto'],
  ]);
});

describe('split', () => {
  evaluates([
    ["split('aa_bb', '_')", '["aa","bb"]'],
    ["split('aaa_bbb_ccc', '_', 1)", '["bbb"]'],
    ["split('aaa_bbb_ccc', '_', 0)", '["aaa"]'],
    ["split('aaa_bbb_ccc', '_', -1)", '[]'],
    ["split('aaa', '_', 1)", '[]'],
    ["split('', '_')", '[""]'],
    ["split('a__b', '_')", '["a","","b"]'],
    ["split('aabbcc', 'bb')", '["aa","cc"]'],
    ["tostring(split('C:\\\\x\\\\y.exe', '\\\\')[-1])", 'y.exe'],
  ]);
  refused(["split(s, '')", 'split(s, s)']);
});

describe('countof', () => {
  evaluates([
    ["countof('The cat sat on the mat', 'at', 'normal')", '3'],
    ["countof('a.b.c', '.', 'normal')", '2'],
    ["countof('aaa', 'a')", '3'],
    ["countof('aaaa', 'aa')", '3'],
    ["countof('ababa', 'aba')", '2'],
    ["countof('ababa', 'aba', 'regex')", '1'],
    ["countof('abcabc', 'a.c', 'regex')", '2'],
  ]);
});

describe('regular expressions', () => {
  evaluates([
    ["s matches regex '^Net'", 'true'],
    ["s matches regex '^net'", 'false'],
    ["s matches regex '(?i)^net'", 'true'],
    ["d.name matches regex 'n+$'", 'true'],
    ["extract('User: ([^,]+)', 1, 'User: James, Email')", 'James'],
    ["extract(@'\\d+', 0, 'Age: 29')", '29'],
    ["extract('x(y)?', 1, 'xz')", ''],
    ["extract('nothing', 0, s)", ''],
    ["extract('a|ab', 0, 'ab')", 'a'],
    ["extract('a+?', 0, 'aaa')", 'a'],
    ["replace_regex('😀ab😀b', 'b', @'<\\0>')", '😀a<b>😀<b>'],
    ["replace_regex('abc', 'x*', '-')", '-a-b-c-'],
    ["extract(@'-(\\d{2})-', 1, '15-12-2024', typeof(int))", '12'],
    ["extract_all('([a-z])=', 'a=1,b=2')", '["a","b"]'],
    ["extract_all('([a-z])=([0-9])', 'a=1,b=2')", '[["a","1"],["b","2"]]'],
    ["extract_all('(q)', s)", null],
    ["replace_regex('Number is 12', @'is (\\d+)', @'was: \\1')", 'Number was: 12'],
    ["replace_regex('ab', 'b', @'<\\0>')", 'a<b>'],
    ["replace_regex('ab', 'b', '$1')", 'a$1'],
    ["replace_regex('ab', 'b', @'\\\\')", 'a\\'],
    ["replace('a+', 'x', 'baab')", 'bxb'],
    ["trim('-+', '--https://bing.com--')", 'https://bing.com'],
    [`trim('"+', '""a"b""')`, 'a"b'],
    ["trim('[ \t]*', '  a ')", 'a'],
    ["trim('--', '--https://bing.com--')", 'https://bing.com'],
    [`trim('"', '""a"b""')`, '"a"b"'],
    ["trim(@'cscript(\\.exe)?\\s+', 'cscript.exe  a.vbs')", 'a.vbs'],
    ["trim_start(@'cscript(\\.exe)?\\s+', 'cscript.exe  a.vbs')", 'a.vbs'],
    [`trim_start('"', '""a"')`, '"a"'],
    [`trim_end('"', '"a""')`, '"a"'],
    ["trim(@'[^\\w]+', '-  Te st1// $')", 'Te st1'],
    ["trim_start(@'\\s+', '  a ')", 'a '],
    ["trim_end(@'\\s+', '  a ')", '  a'],
  ]);
  refused([
    's matches regex s',
    "s matches regex '(?=x)'",
    "s matches regex '('",
    "s matches regex '[a[b]]'",
    "s matches regex '[a&&b]'",
    "s matches regex '(?x) a'",
    "s matches regex 'a{b'",
    "s matches regex 'a{,2}b'",
    "s matches regex '\\\\Qa\\\\E'",
    "extract_all('x', s)",
    "replace_regex(s, 'a', @'\\1')",
  ]);
});
