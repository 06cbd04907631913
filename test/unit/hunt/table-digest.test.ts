import { TableDigest } from '../../../src/hunt/table-digest';

function digestOf(...rows: readonly (readonly unknown[])[]): { readonly rows: number; readonly digest: string } {
  const digest = new TableDigest();
  for (const row of rows) digest.add(row);
  return digest.count();
}

describe('the digest of rows', () => {
  const [a, b, c] = [
    ['a', 1],
    ['b', null],
    ['c', { x: 1 }],
  ] as const;

  it('is the same in any order', () => {
    expect(digestOf(c, a, b)).toEqual(digestOf(a, b, c));
  });

  it('differs where a row differs, and where one comes twice', () => {
    expect(digestOf(a, b).digest).not.toBe(digestOf(a, c).digest);
    expect(digestOf(a, b, b)).toMatchObject({ rows: 3, digest: expect.not.stringContaining(digestOf(a, b).digest) as string });
    expect(digestOf(a, a).digest).not.toBe(digestOf(b, b).digest);
  });

  it('tells a null from an empty text, and cells from each other', () => {
    expect(digestOf(['', 'a']).digest).not.toBe(digestOf([null, 'a']).digest);
    expect(digestOf(['a', 'b']).digest).not.toBe(digestOf(['ab', '']).digest);
  });

  it('of no rows is 256 zero bits', () => {
    expect(digestOf()).toEqual({ rows: 0, digest: '0'.repeat(64) });
  });
});
