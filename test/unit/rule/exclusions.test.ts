import { readFileSync } from 'node:fs';
import { parseExclusions, type KnownRule } from '../../../src/rule/exclusions';
import { instant } from '../../../src/value/instant';

const RULE = '4500a2ff-455b-4ee7-a21d-5ac5c7c9ea87';
const host = (identifier: string): KnownRule => ({
  id: RULE,
  entityMappings: [{ entityType: 'Host', fieldMappings: [{ identifier }] }],
});

const codes = (text: string, checks: Parameters<typeof parseExclusions>[2] = {}): readonly string[] =>
  parseExclusions('exclusions.yaml', text, checks).diagnostics.map(({ code, line, column }) => `${line}:${column} ${code}`);

const entry = (more: string): string => `- rule: ${RULE}\n  host: ex01\n  reason: a test\n  expires: never\n${more}`;

describe('exclusions', () => {
  it('are read with the rule in lower case and the end as an instant', () => {
    const text = `- rule: ${RULE.toUpperCase()}
  account: '*\\svc-archive'
  reason: >
    It exports each
    leaver's mailbox.
  expires: 2027-03-31
- {rule: ${RULE}, host: EX01*, account: bob, reason: a lab, expires: Never}
`;
    expect(parseExclusions('exclusions.yaml', text)).toEqual({
      diagnostics: [],
      exclusions: [
        {
          rule: RULE,
          account: '*\\svc-archive',
          reason: "It exports each leaver's mailbox.",
          expires: '2027-03-31T00:00:00.0000000Z',
        },
        { rule: RULE, host: 'EX01*', account: 'bob', reason: 'a lab', expires: null },
      ],
    });
  });

  it.each(['', '# only a comment\n', '[]\n', '---\n[]\n'])('are none in %j', (text) => {
    expect(parseExclusions('exclusions.yaml', text)).toEqual({ exclusions: [], diagnostics: [] });
  });

  it('that are shipped are none, and the example in their comment is right', () => {
    const text = readFileSync('rules/exclusions.yaml', 'utf8');
    expect(parseExclusions('exclusions.yaml', text)).toEqual({ exclusions: [], diagnostics: [] });
    const example = text.split('\n').flatMap((line) => /^# (-? {1,3}\w+: .*)$/.exec(line)?.[1] ?? []);
    const { exclusions, diagnostics } = parseExclusions('exclusions.yaml', example.join('\n'), { rules: [{ id: RULE }] });
    expect(diagnostics).toEqual([]);
    expect(exclusions).toMatchObject([{ rule: RULE, host: 'ex01*', account: '*\\svc-archive' }]);
  });
});

describe('a mistake in exclusions', () => {
  it.each([
    ['no list', 'rule: x\n', ['1:1 EXCL001']],
    ['an item that is no mapping', '- ex01\n', ['1:3 EXCL001']],
    ['an unknown member', entry('  acount: bob\n'), ['5:3 EXCL002']],
    ['members that are missing', '- host: ex01\n', ['1:3 EXCL003', '1:3 EXCL003', '1:3 EXCL003']],
    ['a member that is no text', entry('').replace('a test', '[a]'), ['3:11 EXCL004']],
    ['a host of two lines', entry('').replace('ex01', '"ex01\\nex02"'), ['2:9 EXCL004']],
    ['an empty account', entry('  account:\n'), ['5:3 EXCL004']],
    ['a rule by its name', entry('').replace(RULE, 'asim'), ['1:9 EXCL005']],
    ['neither host nor account', entry('').replace('  host: ex01\n', ''), ['1:3 EXCL006']],
    ['a pattern that is only stars', entry('').replace('ex01', '"**"'), ['2:9 EXCL007']],
    ['an end that is no time', entry('').replace('never', '31.12.2026'), ['4:12 EXCL008']],
    ['a day that does not exist', entry('').replace('never', '2026-02-30'), ['4:12 EXCL008']],
    ['a member twice', entry('  host: ex02\n'), ['5:3 RULE002']],
    ['a star without quotes', entry('').replace('ex01', '*\\bob'), ['2:9 RULE001', '2:9 EXCL004']],
    ['no YAML', '- [', ['1:4 RULE001']],
  ])('is told its place: %s', (_, text, expected) => {
    expect(codes(text)).toEqual(expected);
    expect(parseExclusions('exclusions.yaml', text).exclusions).toEqual([]);
  });

  it('in one leaves the others, and all are told at once', () => {
    const text = entry('').replace('never', 'soon') + entry('  acount: bob\n') + entry('');
    expect(codes(text)).toEqual(['4:12 EXCL008', '9:3 EXCL002']);
    expect(parseExclusions('exclusions.yaml', text).exclusions).toHaveLength(1);
  });

  it('suggests the member that was meant', () => {
    expect(parseExclusions('exclusions.yaml', entry('  acount: bob\n')).diagnostics[0]?.hint).toContain('Did you mean account?');
  });
});

describe('a warning of exclusions', () => {
  it('names a rule that the folder has not', () => {
    expect(codes(entry(''), { rules: [] })).toEqual(['1:9 EXCL009']);
    expect(codes(entry(''), { rules: [{ id: RULE }] })).toEqual([]);
  });

  it('says where the rule maps no such name, so that it would never apply', () => {
    expect(codes(entry('  account: bob\n'), { rules: [host('FullName')] })).toEqual(['1:9 EXCL011']);
    expect(codes(entry(''), { rules: [host('HostName')] })).toEqual([]);
    expect(codes(entry(''), { rules: [host('AzureID')] })).toEqual(['1:9 EXCL011']);
  });

  it('says what has expired, and keeps it', () => {
    const text = entry('').replace('never', '2026-03-10T10:00Z');
    expect(codes(text, { now: instant('2026-03-10T09:59Z') })).toEqual([]);
    expect(codes(text, { now: instant('2026-03-10T10:00Z') })).toEqual(['4:12 EXCL010']);
    expect(codes(text)).toEqual([]);
    expect(parseExclusions('exclusions.yaml', text, { now: instant('2026-03-11') }).exclusions).toHaveLength(1);
  });
});
