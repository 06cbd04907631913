import { evaluates, refused } from '../../support/expression-table';

describe('access', () => {
  evaluates([
    ['d.name', '"Ann"'],
    ["d['odd key'].deep[1]", '20'],
    ["d['odd key']['deep'][-1]", '20'],
    ['d.tags[0]', '"x"'],
    ['d.tags[-1]', '"y"'],
    ['d.tags[2]', null],
    ['d.tags[-3]', null],
    ['d.absent', null],
    ['d.absent.deeper', null],
    ['d.tags.name', null],
    ['d[0]', null],
    ['a[i - 4]', '"b"'],
    ["d[tolower('NAME')]", '"Ann"'],
    ['parse_json(\'{"c": [1, {"e": 5}]}\').c[1].e', '5'],
  ]);
});

describe('parse_json', () => {
  evaluates([
    ['parse_json(\'[1,2.5,"x",null,true]\')', '[1,2.5,"x",null,true]'],
    ["parse_json('not json')", '"not json"'],
    ["parse_json('')", null],
    ["parse_json('null')", null],
    ["todynamic('9007199254740993')", '9007199254740993'],
    ['parse_json(d.tags)', '["x","y"]'],
    ['tostring(parse_json(\'{"a": {"b": 1}}\'))', '{"a":{"b":1}}'],
  ]);
});

describe('literals', () => {
  evaluates([
    ["dynamic(['a', \"b\", @'c\\d'])", '["a","b","c\\\\d"]'],
    ['dynamic({\'a\': 1, "b": [true, null]})', '{"a":1,"b":[true,null]}'],
    ['dynamic([datetime(2026-03-10), time(01:00:00), long(5)])', '["2026-03-10T00:00:00.0000000Z","01:00:00",5]'],
    ['todatetime(dynamic([datetime(2026-03-10)])[0])', '2026-03-10T00:00:00.0000000Z'],
    ['dynamic(null)', null],
    ["dynamic('x')", '"x"'],
  ]);
});

describe('packing', () => {
  evaluates([
    ['pack_array(s, l, b, l0)', '["Net User.exe",7,true,null]'],
    ["bag_pack('host', s, 'pid', l)", '{"host":"Net User.exe","pid":7}'],
    ["pack('a', 1)", '{"a":1}'],
    ["pack_dictionary('a', d.tags)", '{"a":["x","y"]}'],
  ]);
});

describe('arrays', () => {
  evaluates([
    ['array_length(d.tags)', '2'],
    ['array_length(d.name)', null],
    ['array_length(dynamic([]))', '0'],
    ['array_concat(d.tags, dynamic([1]))', '["x","y",1]'],
    ['array_slice(dynamic([1, 2, 3]), 1, 2)', '[2,3]'],
    ['array_slice(dynamic([1, 2, 3, 4, 5]), 2, -1)', '[3,4,5]'],
    ['array_slice(dynamic([1, 2, 3, 4, 5]), -3, -2)', '[3,4]'],
    ['array_slice(dynamic([1, 2]), -9, 9)', '[1,2]'],
    ['array_reverse(d.tags)', '["y","x"]'],
    ['array_sort_asc(a)', '[1.5,3,3,"a","b",null]'],
    ['array_sort_desc(a)', '[3,3,1.5,"b","a",null]'],
    ["array_index_of(d.tags, 'y')", '1'],
    ["array_index_of(d.tags, 'Y')", '-1'],
    ['array_index_of(a, 3)', '0'],
    ["set_has_element(d.tags, 'x')", 'true'],
    ['set_union(dynamic([1, 2, 1]), dynamic([2, 3]))', '[1,2,3]'],
    ['set_union(dynamic([1152921504606846976]), pack_array(exp2(60)))', '[1152921504606846976]'],
    ['set_union(d, a)', null],
    ['set_union(a, d)', null],
    ['set_intersect(dynamic([1, 2, 3, 2]), dynamic([3, 2]))', '[2,3]'],
    ['set_difference(dynamic([1, 2, 3, 2]), dynamic([3]))', '[1,2]'],
  ]);
  refused(['array_sort_asc(d.tags, d.tags)']);
});

describe('bags', () => {
  evaluates([
    ['bag_keys(dynamic({"a": 1, "b": 2}))', '["a","b"]'],
    ['bag_keys(d.tags)', null],
    ["bag_has_key(d, 'name')", 'true'],
    ["bag_has_key(d, 'Name')", 'false'],
  ]);
  refused(["bag_has_key(d, '$.a.b')"]);
});

describe('extract_json', () => {
  evaluates([
    ['extract_json(\'$.name\', \'{"name": "John", "age": 30}\')', 'John'],
    ["extractjson('$.age', '{\"age\": 30}', typeof(long))", '30'],
    ['extractjson("$[\'a b\'][1].c", \'{"a b": [0, {"c": [1]}]}\')', '[1]'],
    ["extractjson('$.b', '{\"a\": 1}')", ''],
    ["extractjson('$.b', 'no json')", ''],
  ]);
  refused(["extractjson('$..b', s)"]);
});
