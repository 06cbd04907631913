import * as fc from 'fast-check';
import { Document, Scalar } from 'yaml';
import { parseRule } from '../../../src/rule/parse-rule';
import type { RuleDocument } from '../../../src/rule/rule-document';

const head = 'id: 11111111-2222-3333-4444-555555555555\nname: n\ndescription: d\n';

function ruleOf(yaml: string): RuleDocument {
  const { rule, diagnostics } = parseRule('r.yaml', yaml);
  expect(diagnostics).toEqual([]);
  if (rule === undefined) throw new Error('no rule');
  return rule;
}

/** The line and column of a word in the query, as the rule tells it. */
function placeOf(rule: RuleDocument, word: string): string {
  const { line, column } = rule.queryPosition(rule.query.indexOf(word));
  return `${line}:${column}`;
}

describe('the place of a query offset in the file', () => {
  it('counts the lines and the indentation of a literal block', () => {
    const rule = ruleOf(`${head}query: |\n\n  // c\n   T\n   | where A == "x"\n`);
    expect(rule.query).toBe('\n// c\n T\n | where A == "x"\n');
    expect([placeOf(rule, '// c'), placeOf(rule, 'T'), placeOf(rule, '"x"')]).toEqual(['6:3', '7:4', '8:17']);
    expect(rule.queryPosition(5)).toEqual({ line: 6, column: 7 });
  });

  it('takes an indentation indicator at its word', () => {
    const rule = ruleOf(`${head}query: |2-\n    T\n  | take 1\n`);
    expect(rule.query).toBe('  T\n| take 1');
    expect([placeOf(rule, 'T'), placeOf(rule, 'take')]).toEqual(['5:5', '6:5']);
  });

  it('finds the lines of a folded block', () => {
    const rule = ruleOf(`${head}query: >-\n  T\n  | where A\n\n  | take 1\n`);
    expect(rule.query).toBe('T | where A\n| take 1');
    expect([placeOf(rule, 'where'), placeOf(rule, 'take')]).toEqual(['6:5', '8:5']);
  });

  it('finds the lines of a plain scalar', () => {
    const rule = ruleOf(`${head}query: T\n  | where A   \n    | take 1 # comment\nstatus: x\n`);
    expect(rule.query).toBe('T | where A | take 1');
    expect([placeOf(rule, 'T'), placeOf(rule, 'where'), placeOf(rule, 'take')]).toEqual(['4:8', '5:5', '6:7']);
    expect(rule.queryPosition(rule.query.length)).toEqual({ line: 6, column: 13 });
  });

  it('undoes the doubled quotes of a single-quoted scalar', () => {
    const rule = ruleOf(`${head}query: 'T | where A == ''x'' and B'\n`);
    expect(rule.query).toBe("T | where A == 'x' and B");
    expect([placeOf(rule, "'x'"), placeOf(rule, 'x'), placeOf(rule, 'B')]).toEqual(['4:24', '4:26', '4:34']);
  });

  it('undoes escapes, line breaks and escaped line breaks of a double-quoted scalar', () => {
    const rule = ruleOf(`${head}query: "T\\n| where A == \\"\\u0041\\U0001F600z\\"\n\n   | extend\\\n     B"\n`);
    expect(rule.query).toBe('T\n| where A == "A😀z"\n| extendB');
    expect([placeOf(rule, 'where'), placeOf(rule, '"A'), placeOf(rule, 'z'), placeOf(rule, 'extend'), placeOf(rule, 'B')]).toEqual([
      '4:14',
      '4:25',
      '4:43',
      '6:6',
      '7:6',
    ]);
  });

  it('strips the fence of a quoted query and keeps the places right', () => {
    const rule = ruleOf(`---\n${head}query: "\`\`\`kusto\\n// c\\nT\\n| take 1\\n\`\`\`"\n---\n`);
    expect(rule.query).toBe('// c\nT\n| take 1');
    expect([placeOf(rule, '// c'), placeOf(rule, 'T'), placeOf(rule, 'take')]).toEqual(['5:19', '5:25', '5:30']);
  });

  it('strips the fence of a query in a block', () => {
    const rule = ruleOf(`${head}query: |\n  \`\`\`kql\n  T\n  \`\`\`\n`);
    expect(rule.query).toBe('T');
    expect(placeOf(rule, 'T')).toBe('6:3');
  });

  it('is the same with Windows line ends, a byte order mark and tabs', () => {
    const rule = ruleOf(`\ufeff\r\n${head}query: |\n\n  T\n  \t| take 1\n`.replaceAll(/\r?\n/g, '\r\n'));
    expect(rule.query).toBe('\nT\n\t| take 1\n');
    expect([placeOf(rule, 'T'), placeOf(rule, 'take')]).toEqual(['7:3', '8:6']);
  });

  it('follows an alias to the text it names', () => {
    const rule = ruleOf(`${head}metadata:\n  shared: &q |\n    T\nquery: *q\n`);
    expect(placeOf(rule, 'T')).toBe('6:5');
  });

  const styles = ['BLOCK_LITERAL', 'BLOCK_FOLDED', 'PLAIN', 'QUOTE_SINGLE', 'QUOTE_DOUBLE'] as const;
  const word = fc.stringMatching(/^[a-zA-Z0-9|"'\\#:éß漢😀.,`-]{1,12}$/u);
  const text = fc
    .array(fc.tuple(word, fc.constantFrom(' ', '  ', '\n', '\n\n', '\n  ', '\t', ' \n')), { minLength: 1, maxLength: 30 })
    .map((words) => `T${words.flat().join('')}Z`);

  it.each(styles)('leads back to the same character in every text written as %s', (style) => {
    fc.assert(
      fc.property(text, fc.integer({ min: 20, max: 80 }), fc.boolean(), (query, lineWidth, windows) => {
        const scalar = new Scalar(query);
        scalar.type = style;
        const body = new Document({ query: scalar }).toString({ lineWidth, minContentWidth: 0 });
        const yaml = windows ? (head + body).replaceAll('\n', '\r\n') : head + body;
        const { rule } = parseRule('r.yaml', yaml);
        // The library writes some texts, like "a:\n", so that they cannot be read again.
        fc.pre(rule !== undefined && rule.query === query);
        const lines = yaml.split(/\r?\n/);
        const escapes = body.startsWith('query: "');
        const found = [...query.matchAll(/\S/g)].map((match) => {
          const { line, column } = rule.queryPosition(match.index);
          const rest = lines[line - 1]?.slice(column - 1) ?? '';
          const escape = escapes ? /^\\(?:u....|[^u])/.exec(rest)?.[0] : undefined;
          return escape === undefined ? rest[0] : (JSON.parse(`"${escape}"`) as string);
        });
        expect(found.join('')).toBe(query.replace(/\s/g, ''));
      }),
      { seed: 20201214, numRuns: 300 },
    );
  });
});
