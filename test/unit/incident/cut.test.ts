import { Cutter, cutText } from '../../../src/incident/cut';

describe('cutText', () => {
  it('leaves a text alone that has as many bytes as it may', () => {
    expect(cutText('é'.repeat(32), 64)).toBe('é'.repeat(32));
  });

  it('takes out the middle and says how many bytes it took', () => {
    expect(cutText(`${'a'.repeat(50)}${'b'.repeat(50)}`, 64)).toBe(`${'a'.repeat(22)}…[cut 57 bytes]…${'b'.repeat(21)}`);
  });

  it.each(['é', '部', '\u{1F468}', 'a\u{1F468}'])('cuts between code points: %s', (unit) => {
    for (let limit = 64; limit < 80; limit += 1) {
      const text = unit.repeat(100);
      const cut = cutText(text, limit);
      const [, head = '', count = '', tail = ''] = /^(.*)…\[cut (\d+) bytes\]…(.*)$/u.exec(cut) ?? [];
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
      expect(text.startsWith(head) && text.endsWith(tail)).toBe(true);
      expect(Buffer.byteLength(head + tail) + Number(count)).toBe(Buffer.byteLength(text));
      expect(cut).not.toMatch(/\uFFFD/);
    }
  });

  it('puts U+FFFD for half of a surrogate pair', () => {
    expect(cutText('a\uD83Db', 64)).toBe('a\uFFFDb');
    expect(cutText('\uDC00'.repeat(100), 64)).toMatch(/^\uFFFD+…\[cut \d+ bytes\]…\uFFFD+$/);
  });
});

describe('Cutter', () => {
  it('remembers that it cut', () => {
    const cutter = new Cutter(64);
    cutter.text('x'.repeat(64));
    expect(cutter.cut).toBe(false);
    cutter.text('x'.repeat(65));
    expect(cutter.cut).toBe(true);
  });

  it('makes text of a dynamic value that is too long, and keeps one that is not', () => {
    const cutter = new Cutter(64);
    expect(cutter.cell({ a: ['\uD83D', 1, null] })).toStrictEqual({ a: ['\uFFFD', 1, null] });
    expect(cutter.cell(Array.from({ length: 100 }, () => 1))).toMatch(/^\[1,1,1.*…\[cut \d+ bytes\]….*1,1\]$/);
  });

  it('keeps names whole', () => {
    const name = 'n'.repeat(100);
    expect(Object.keys(new Cutter(64).cells({ [name]: 1 }))).toStrictEqual([name]);
  });
});
