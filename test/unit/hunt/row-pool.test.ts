import { RowPool } from '../../../src/hunt/row-pool';

/** A step that another piece of work waits for. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('the pool of source rows', () => {
  it('refuses a bin that needs more than there may be, and does not try it again', async () => {
    const pool = new RowPool(10);
    let runs = 0;
    const fits = await pool.hold(async (take) => {
      runs += 1;
      return take(6) && take(5);
    });
    expect([fits, runs]).toEqual([false, 1]);
  });

  it('lets the next bin have what the last one held, also where that failed', async () => {
    const pool = new RowPool(10);
    await expect(
      pool.hold(async (take) => {
        take(10);
        throw new Error('pull failed');
      }),
    ).rejects.toThrow('pull failed');
    expect(await pool.hold(async (take) => take(10))).toBe(true);
  });

  it('runs a bin again, alone, that was refused rows only because others held them', async () => {
    const pool = new RowPool(10);
    const neighbour = gate();
    const first = pool.hold(async (take) => {
      take(6);
      await neighbour.opened;
    });
    const runs: boolean[] = [];
    const second = pool.hold(async (take) => {
      const fits = take(7);
      runs.push(fits);
      return fits;
    });
    await Promise.resolve();
    neighbour.open();
    await first;
    expect(await second).toBe(true);
    expect(runs).toEqual([false, true]);
  });

  it('comes to an end with many bins that each need most of it', async () => {
    const pool = new RowPool(10);
    const results = Array.from({ length: 20 }, (_, index) =>
      pool.hold(async (take) => {
        for (let rows = 0; rows < 7; rows += 1) {
          if (!take(1)) return `${index} refused`;
          await Promise.resolve();
        }
        return index;
      }),
    );
    expect(await Promise.all(results)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });
});
