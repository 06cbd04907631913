import { uniqueNames } from '../../src/plan/names';
import type { Column, ScalarType } from '../../src/value/types';
import type { Random } from '../simulation/random';
import { processTable } from './compile';
import { aggregate, predicate, scalar } from './random-expressions';
import { networkTable } from './random-tables';

/** Random queries over the tables of random-tables, with every operator and function. Most compile; some split by bin, some are monotone. */

/** A tabular expression, and the columns that it most likely has. */
interface Table {
  readonly text: string;
  readonly columns: readonly Column[];
}

const joinKinds = ['', 'inner', 'innerunique', 'leftouter', 'rightouter', 'fullouter', 'leftsemi', 'rightsemi', 'leftanti', 'rightanti'];
const keyTypes: readonly ScalarType[] = ['string', 'long', 'int', 'datetime', 'timespan', 'bool'];

const named = (columns: readonly Column[], ...names: readonly string[]): readonly Column[] =>
  columns.filter(({ name }) => names.includes(name));

function added(columns: readonly Column[], column: Column): readonly Column[] {
  return columns.some(({ name }) => name === column.name)
    ? columns.map((each) => (each.name === column.name ? column : each))
    : [...columns, column];
}

type Step = (table: Table) => Table;

class QueryWriter {
  private readonly random: Random;
  private readonly lets: string[] = [];
  private names = 0;

  constructor(random: Random) {
    this.random = random;
  }

  query(): string {
    const { text } = this.pipeline(1);
    return [...this.lets, text].join('; ');
  }

  private fresh(prefix: string): string {
    this.names += 1;
    return `${prefix}${this.names}`;
  }

  private pipeline(depth: number): Table {
    let table = this.source(depth);
    for (let left = this.random.int(depth === 0 ? 0 : 1, 3 + depth); left > 0; left -= 1) table = this.step(depth)(table);
    if (this.random.chance(0.15)) return this.bound(table);
    return table;
  }

  /** The same by a `let`. */
  private bound(table: Table): Table {
    const name = this.fresh('V');
    const body = this.random.chance(0.3) ? `materialize(${table.text})` : this.random.chance(0.3) ? `() { ${table.text} }` : table.text;
    this.lets.push(`let ${name} = ${body}`);
    return { ...table, text: body.startsWith('()') ? `${name}()` : name };
  }

  private source(depth: number): Table {
    const { random } = this;
    if (random.chance(depth === 0 ? 0.1 : 0.03)) {
      return {
        text: "datatable (Host: string, Rank: long) ['a', 1, 'b', 2]",
        columns: [
          { name: 'Host', type: 'string' },
          { name: 'Rank', type: 'long' },
        ],
      };
    }
    const schema = random.chance(0.7) ? processTable : networkTable;
    const width = random.weighted([8, '1h'], [1, '30m']);
    return {
      text: `${schema.name} | extend t = bin(TimeGenerated, ${width})`,
      columns: added(schema.columns, { name: 't', type: 'datetime' }),
    };
  }

  private step(depth: number): Step {
    const alone = [
      [4, this.where],
      [4, this.extend],
      [2, this.columns],
      [3, this.summarize],
      [1, this.distinct],
      [1, this.order],
      [1, this.first],
      [1, this.window],
      [1, this.mvExpand],
      [1, this.mvApply],
      [1, this.parse],
      [0.3, this.count],
      [1, this.functionCall],
    ] as const;
    const withOther = [
      [5, this.join],
      [2, this.union],
      [2, this.member],
      [1, this.toscalar],
      [1, this.lookup],
    ] as const;
    return this.random.weighted<Step>(...(depth === 0 ? alone : [...alone, ...withOther]));
  }

  private readonly where: Step = ({ text, columns }) => ({ text: `${text} | where ${predicate(this.random, columns)}`, columns });

  private readonly extend: Step = ({ text, columns }) => {
    const { random } = this;
    const special: readonly (readonly [text: string, type: ScalarType, name: string])[] = [
      ['bin(TimeGenerated, 1h)', 'datetime', 't'],
      ['bin(TimeGenerated + 30m, 1h)', 'datetime', 't'],
      ['TimeGenerated + 1h', 'datetime', 'TimeGenerated'],
      ["iff(Host == 'a', t, t + 1h)", 'datetime', 't'],
      ['floor(t, 1h)', 'datetime', 'u'],
    ];
    if (random.chance(0.2)) {
      const [value, type, name] = random.pick(special);
      return { text: `${text} | extend ${name} = ${value}`, columns: added(columns, { name, type }) };
    }
    const value = scalar(random, columns);
    const name = random.chance(0.2) ? random.pick(columns).name : this.fresh('X');
    return { text: `${text} | extend ${name} = ${value.text}`, columns: added(columns, { name, type: value.type }) };
  };

  /** project and its kin. */
  private readonly columns: Step = ({ text, columns }) => {
    const { random } = this;
    const always = ['TimeGenerated', 't', 'Host'];
    const kept = columns.filter(({ name }) => always.includes(name) || random.chance(0.5));
    const renamed = random.pick(columns);
    const name = this.fresh('N');
    return random.weighted<() => Table>(
      [2, () => ({ text: `${text} | project ${kept.map((column) => column.name).join(', ')}`, columns: kept })],
      [1, () => ({ text: `${text} | project-away ${renamed.name}`, columns: columns.filter((column) => column !== renamed) })],
      [1, () => ({ text: `${text} | project-keep T*, t*, H*`, columns: columns.filter((column) => /^[TtH]/.test(column.name)) })],
      [
        1,
        () => ({
          text: `${text} | project-rename ${name} = ${renamed.name}`,
          columns: columns.map((column) => (column === renamed ? { ...column, name } : column)),
        }),
      ],
      [1, () => ({ text: `${text} | project-reorder H*, * ${random.pick(['asc', 'desc', ''])}`, columns })],
    )();
  };

  /** One or two columns that can be keys, mostly with the bin of the event time. */
  private keys(columns: readonly Column[]): readonly Column[] {
    const usable = columns.filter(({ type }) => keyTypes.includes(type));
    const time = this.random.chance(0.7) ? named(columns, 't') : [];
    const others = usable.length > 0 && (time.length === 0 || this.random.chance(0.6)) ? [this.random.pick(usable)] : [];
    return [...new Set([...time, ...others])];
  }

  private readonly summarize: Step = (table) => {
    const { random } = this;
    const keys = this.keys(table.columns);
    const calls = Array.from({ length: random.int(0, 2) }, () => aggregate(random, table.columns));
    const made = calls.map((call) => ({ ...call, name: this.fresh('A') }));
    const by = keys.map(({ name }) => (name === 't' && random.chance(0.3) ? 't = bin(t, 1h)' : name));
    if (by.length === 0 && made.length === 0) return table;
    const written = made.map((call) => (call.isSingle ? `${call.name} = ${call.text}` : call.text)).join(', ');
    return {
      text: `${table.text} | summarize ${written}${by.length === 0 ? '' : ` by ${by.join(', ')}`}`,
      columns: [...keys, ...made.filter(({ isSingle }) => isSingle).map(({ name, type }) => ({ name, type }))],
    };
  };

  private readonly distinct: Step = (table) => {
    const isWhole = this.random.chance(0.3) && table.columns.every(({ type }) => type !== 'dynamic');
    const keys = isWhole ? table.columns : this.keys(table.columns);
    return keys.length === 0
      ? table
      : { text: `${table.text} | distinct ${isWhole ? '*' : keys.map(({ name }) => name).join(', ')}`, columns: keys };
  };

  private readonly count: Step = ({ text }) => ({ text: `${text} | count`, columns: [{ name: 'Count', type: 'long' }] });

  private sorted({ text, columns }: Table): Table {
    const key = this.random.pick(columns.filter(({ type }) => type !== 'dynamic' && type !== 'guid'));
    return {
      text: `${text} | sort by ${key.name} ${this.random.pick(['asc', 'desc', '', 'asc nulls last', 'desc nulls first'])}`,
      columns,
    };
  }

  private readonly order: Step = (table) => this.sorted(table);

  private readonly first: Step = (table) => {
    const { text, columns } = table;
    const key = this.random.pick(columns.filter(({ type }) => type !== 'dynamic' && type !== 'guid'));
    return { text: `${text} | ${this.random.chance(0.5) ? 'take 2' : `top 2 by ${key.name}`}`, columns };
  };

  private readonly window: Step = (table) => {
    const { random } = this;
    const name = this.fresh('W');
    const column = random.pick(table.columns);
    const [call, type] = random.pick<readonly [string, ScalarType]>([
      ['row_number()', 'long'],
      ['row_number(5, Host == prev(Host))', 'long'],
      ['row_cumsum(strlen(Host), Host != prev(Host))', 'long'],
      ['row_rank_dense(Host)', 'long'],
      ['row_rank_min(Host, Account != prev(Account))', 'long'],
      [`prev(${column.name})`, column.type],
      [`next(${column.name}, 2)`, column.type],
    ]);
    const columns = added(table.columns, { name, type });
    return random.chance(0.3)
      ? { text: `${table.text} | serialize ${name} = ${call}`, columns }
      : { text: `${this.sorted(table).text} | extend ${name} = ${call}`, columns };
  };

  private readonly mvExpand: Step = (table) => {
    const { random } = this;
    const bags = table.columns.filter(({ type }) => type === 'dynamic');
    const value =
      bags.length > 0 && random.chance(0.7) ? random.pick(bags).name : random.pick(["split(Command, '=')", 'pack_array(Pid, Host)']);
    const type = random.pick<ScalarType>(['dynamic', 'string', 'long']);
    const name = this.fresh('E');
    const parameter = random.weighted([3, ''], [1, 'bagexpansion=array '], [1, `with_itemindex=${this.fresh('I')} `]);
    const second = random.chance(0.2) ? `, ${this.fresh('E')} = pack_array(1, 2)` : '';
    return {
      text: `${table.text} | mv-expand ${parameter}${name} = ${value}${type === 'dynamic' ? '' : ` to typeof(${type})`}${second}${random.chance(0.2) ? ' limit 1' : ''}`,
      columns: added(table.columns, { name, type }),
    };
  };

  private readonly mvApply: Step = ({ text, columns }) => {
    const { random } = this;
    const [name, made] = [this.fresh('E'), this.fresh('X')];
    const bags = columns.filter(({ type }) => type === 'dynamic');
    const value = bags.length > 0 ? random.pick(bags).name : "split(Host, 'a')";
    const element: Column = { name, type: 'string' };
    const inner = [...columns, element];
    const subquery = random.pick([
      `where ${predicate(random, inner)}`,
      `where ${name} != 'u' | project ${made} = strcat(${name}, 'x'), ${name}`,
      `extend ${made} = ${scalar(random, inner).text} | project-away ${name}`,
    ]);
    return { text: `${text} | mv-apply ${name} = ${value} to typeof(string) on (${subquery})`, columns };
  };

  private readonly parse: Step = ({ text, columns }) => {
    const [first, second] = [this.fresh('P'), this.fresh('P')];
    const subject = this.random.pick([...named(columns, 'Command', 'Account'), { name: 'tostring(1)' }]).name;
    const pattern = this.random.pick([`${first} '=' ${second} ';' *`, `* 'k' ${first} 'w' ${second}`, `${first} '=' ${second}`]);
    return {
      text: `${text} | ${this.random.pick(['parse', 'parse-where', 'parse kind=relaxed'])} ${subject} with ${pattern}`,
      columns: [...columns, { name: first, type: 'string' }, { name: second, type: 'string' }],
    };
  };

  /** A function of a row's values, or of a table. */
  private readonly functionCall: Step = (table) => {
    const name = this.fresh('F');
    if (this.random.chance(0.5) || named(table.columns, 'Host', 't').length < 2) {
      this.lets.push(`let ${name} = (s: string, n: long = 2) { strcat(s, tostring(n)) }`);
      const column = this.fresh('X');
      return { text: `${table.text} | extend ${column} = ${name}(Host)`, columns: added(table.columns, { name: column, type: 'string' }) };
    }
    this.lets.push(`let ${name} = (T: (Host: string, t: datetime)) { T | where Host != 'b' }`);
    return { ...table, text: `${name}(${table.text})` };
  };

  private readonly join: Step = (left) => this.joined(left, 'join', this.random.pick(joinKinds));
  private readonly lookup: Step = (left) => this.joined(left, 'lookup', this.random.pick(['', 'inner', 'leftouter']));

  private joined(left: Table, operator: 'join' | 'lookup', kind: string): Table {
    const { random } = this;
    const right = this.pipeline(0);
    const common = left.columns.filter(
      ({ name, type }) => keyTypes.includes(type) && right.columns.some((each) => each.name === name && each.type === type),
    );
    if (common.length === 0) return left;
    const time = random.chance(0.7) ? named(common, 't') : [];
    const others = time.length === 0 || random.chance(0.7) ? [random.pick(common)] : [];
    const keys = [...new Set([...time, ...others])].map(({ name }) => name);
    const on = keys.map((name) => (random.chance(0.2) ? `$left.${name} == $right.${name}` : name)).join(', ');
    const rightColumns = operator === 'lookup' ? right.columns.filter(({ name }) => !keys.includes(name)) : right.columns;
    const sides = [...(/^right(?:semi|anti)/.test(kind) ? [] : left.columns), ...(/^left(?:semi|anti)/.test(kind) ? [] : rightColumns)];
    const names = uniqueNames(sides.map(({ name }) => name));
    return {
      text: `${left.text} | ${operator} ${kind === '' ? '' : `kind=${kind} `}(${right.text}) on ${on}`,
      columns: sides.map(({ type }, index) => ({ name: names[index] ?? '', type })),
    };
  }

  private readonly union: Step = (table) => {
    const other = this.pipeline(0);
    const clashes = (column: Column): boolean =>
      [...table.columns, ...other.columns].some((each) => each.name === column.name && each.type !== column.type);
    const all = [...table.columns, ...other.columns.filter(({ name }) => !table.columns.some((column) => column.name === name))];
    const columns = all.filter((column) => !clashes(column));
    return columns.length === 0
      ? table
      : { text: `${table.text} | union ${this.random.pick(['', 'kind=outer ', 'isfuzzy=true '])}(${other.text})`, columns };
  };

  private readonly member: Step = ({ text, columns }) => {
    const { random } = this;
    const other = this.pipeline(0);
    const both = this.keys(columns).filter((column) =>
      other.columns.some(({ name, type }) => name === column.name && type === column.type),
    );
    if (both.length === 0) return { text, columns };
    const { name, type } = random.pick(both);
    const operator = random.pick(type === 'string' ? ['in', '!in', 'in~', '!in~', 'has_any'] : ['in', '!in']);
    const test = `${name} ${operator} ((${other.text} | project ${name}))`;
    const flag = this.fresh('B');
    return random.weighted<() => Table>(
      [4, () => ({ text: `${text} | where ${test}`, columns })],
      [1, () => ({ text: `${text} | where Host == 'a' or not(${test})`, columns })],
      [1, () => ({ text: `${text} | extend ${flag} = ${test}`, columns: added(columns, { name: flag, type: 'bool' }) })],
    )();
  };

  private readonly toscalar: Step = ({ text, columns }) => {
    const other = this.pipeline(0);
    const longs = other.columns.filter(({ type }) => type === 'long');
    const own = columns.filter(({ type }) => type === 'long');
    if (longs.length === 0 || own.length === 0) return { text, columns };
    const query = `toscalar(${other.text} | summarize ${this.random.pick(['min', 'max'])}(${this.random.pick(longs).name}))`;
    return { text: `${text} | where ${this.random.pick(own).name} >= ${query}`, columns };
  };
}

export const randomQuery = (random: Random): string => new QueryWriter(random).query();
