import type { Diagnostic } from '../../../src/diagnostic';
import { parseRule } from '../../../src/rule/parse-rule';
import { formatDiagnostic } from '../../../src/rule/print-diagnostic';

const at = (line: number, column: number, length: number): Diagnostic => ({
  code: 'RULE999',
  severity: 'error',
  message: 'what is wrong',
  hint: 'What to do.',
  file: 'rules/a.yaml',
  line,
  column,
  length,
});

/** The lines between the first and the hint. */
function shown(diagnostic: Diagnostic, text: string): readonly string[] {
  return formatDiagnostic(diagnostic, text).split('\n').slice(1, -1);
}

describe('a printed diagnostic', () => {
  it('has the place, the line, carets under the place and the hint', () => {
    const text = 'id: 1a6f998a-b9a4-4030-bd58-6606d66608f9\nname: n\ndescription: d\nenabled: false\nquery: T\n';
    const [diagnostic] = parseRule('rules/a.yaml', text).diagnostics;
    expect(diagnostic && formatDiagnostic(diagnostic, text)).toBe(
      [
        'rules/a.yaml:4:10: error RULE016: the rule is disabled, which is not looked at here',
        '  enabled: false',
        '           ^^^^^',
        '  hint: Remove "enabled"; which rules run is decided by the setting HUNT_RULES.',
      ].join('\n'),
    );
  });

  it('keeps tabs as tabs, so that the carets stand under the place whatever their width', () => {
    expect(shown(at(1, 4, 2), 'a\t\txy')).toEqual(['  a\t\txy', '   \t\t^^']);
  });

  it('counts wide characters as two and combining ones as none', () => {
    expect(shown(at(1, 4, 1), '漢字 x')).toEqual(['  漢字 x', '       ^']);
    expect(shown(at(1, 1, 2), '漢字 x')).toEqual(['  漢字 x', '  ^^^^']);
    expect(shown(at(1, 4, 1), 'e\u0301 x')).toEqual(['  e\u0301 x', '    ^']);
    expect(shown(at(1, 4, 1), '😀 x')).toEqual(['  😀 x', '     ^']);
  });

  it('shows the part of a long line that it is about', () => {
    const [line, carets] = shown(at(1, 501, 4), `${'a'.repeat(500)}here${'b'.repeat(500)}`);
    expect(line?.length).toBeLessThan(150);
    expect(line?.slice(carets?.indexOf('^'), (carets?.lastIndexOf('^') ?? 0) + 1)).toBe('here');
  });

  it('shows no control characters of the file', () => {
    expect(shown(at(1, 3, 1), '\u001b[31mx\r\n')).toEqual(['  \ufffd[31mx', '    ^']);
  });

  it('stands behind the end of a line, of an empty line, and of the file', () => {
    expect(shown(at(1, 4, 1), 'abc')).toEqual(['  abc', '     ^']);
    expect(shown(at(2, 1, 1), 'abc\n\nd')).toEqual(['', '  ^']);
    expect(shown(at(9, 1, 1), 'abc')).toEqual(['', '  ^']);
  });
});
