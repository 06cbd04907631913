import { parseRules } from '../../../src/rule/parse-rules';

const rule = (id: string): string => `id: ${id}\nname: n\ndescription: d\nquery: T\n`;

describe('several rule files', () => {
  it('that share an id are told so in each of them, whatever its case', () => {
    const parsed = parseRules([
      { file: 'a.yaml', text: rule('1a6f998a-b9a4-4030-bd58-6606d66608f9') },
      { file: 'b.yaml', text: rule('2a6f998a-b9a4-4030-bd58-6606d66608f9') },
      { file: 'c.yaml', text: rule('1A6F998A-B9A4-4030-BD58-6606D66608F9') },
    ]);
    expect(
      parsed.map(({ diagnostics }) => diagnostics.map(({ code, file, line, column, message }) => ({ code, file, line, column, message }))),
    ).toEqual([
      [
        {
          code: 'RULE007',
          file: 'a.yaml',
          line: 1,
          column: 5,
          message: 'the id 1a6f998a-b9a4-4030-bd58-6606d66608f9 is also that of c.yaml',
        },
      ],
      [],
      [
        {
          code: 'RULE007',
          file: 'c.yaml',
          line: 1,
          column: 5,
          message: 'the id 1a6f998a-b9a4-4030-bd58-6606d66608f9 is also that of a.yaml',
        },
      ],
    ]);
  });

  it('come back in their order, also those that hold no rule', () => {
    const parsed = parseRules([
      { file: 'a.yaml', text: '' },
      { file: 'b.yaml', text: rule('2a6f998a-b9a4-4030-bd58-6606d66608f9') },
    ]);
    expect(parsed.map(({ file, rule: document }) => [file, document?.id])).toEqual([
      ['a.yaml', undefined],
      ['b.yaml', '2a6f998a-b9a4-4030-bd58-6606d66608f9'],
    ]);
  });
});
