import type { IncidentSink, OutgoingMessage } from '../../src/hunt/ports';
import { PortUnavailable } from '../../src/hunt/ports';

/** A sink, and the hub behind it as the test sees and handles it. */
export interface SinkUnderTest {
  readonly sink: IncidentSink;
  /** What is in the hub; in order within each partition key. */
  received(): readonly { readonly partitionKey: string | undefined; readonly body: Uint8Array }[];
  /** Called before the sink is first used, or after restore: the hub cannot be reached. */
  cutOff(): void;
  restore(): void;
  refuse(when: (body: string) => boolean): void;
  loseNextAcknowledgement(): void;
  end(): Promise<void>;
}

/** What every incident sink keeps to. */
export function describeIncidentSink(name: string, start: () => Promise<SinkUnderTest>): void {
  describe(`${name} as an incident sink`, () => {
    let under: SinkUnderTest;
    beforeEach(async () => {
      under = await start();
    });
    afterEach(() => under.end());

    const message = (text: string, partitionKey = 'key'): OutgoingMessage => ({ partitionKey, body: Buffer.from(JSON.stringify(text)) });
    const bodies = (partitionKey = 'key'): readonly string[] =>
      under
        .received()
        .filter((event) => event.partitionKey === partitionKey)
        .map(({ body }) => JSON.parse(Buffer.from(body).toString()) as string);

    it('sends nothing to probe', async () => {
      await under.sink.probe();
      expect(under.received()).toEqual([]);
    });

    it('has nothing to say of no messages', async () => {
      await expect(under.sink.publish([])).resolves.toEqual({ acknowledged: [], refused: [] });
    });

    it('publishes every byte as it was given', async () => {
      const body = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      await expect(under.sink.publish([{ partitionKey: 'key', body }])).resolves.toEqual({ acknowledged: [0], refused: [] });
      expect(under.received().map((event) => [...event.body])).toEqual([[...body]]);
    });

    it('publishes a view of a larger buffer without its surroundings', async () => {
      const body = new TextEncoder().encode('..."inside"...').subarray(3, -3);
      await under.sink.publish([{ partitionKey: 'key', body }]);
      expect(bodies()).toEqual(['inside']);
    });

    it('keeps the order within each partition key', async () => {
      const texts = Array.from({ length: 60 }, (_, index) => String(index));
      const keyOf = (text: string): string => `key ${Number(text) % 3}`;
      const report = await under.sink.publish(texts.map((text) => message(text, keyOf(text))));
      expect([...report.acknowledged].sort((a, b) => a - b)).toEqual(texts.map(Number));
      for (const key of ['key 0', 'key 1', 'key 2']) expect(bodies(key)).toEqual(texts.filter((text) => keyOf(text) === key));
    });

    it('publishes more than one batch holds', async () => {
      const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(400_000));
      const report = await under.sink.publish(texts.map((text) => message(text)));
      expect(report).toEqual({ acknowledged: [0, 1, 2, 3], refused: [] });
      expect(bodies()).toEqual(texts);
    });

    it('refuses a message that is too large, and publishes the others', async () => {
      const report = await under.sink.publish([message('before'), message('x'.repeat(1_100_000)), message('after')]);
      expect(report).toEqual({ acknowledged: [0, 2], refused: [{ index: 1, reason: expect.stringMatching(/large.*bytes/) }] });
      expect(bodies()).toEqual(['before', 'after']);
    });

    it('refuses only the message that the hub refuses', async () => {
      under.refuse((body) => body.includes('bad'));
      const report = await under.sink.publish([message('good'), message('bad'), message('better'), message('other', 'other')]);
      expect({ ...report, acknowledged: [...report.acknowledged].sort() }).toEqual({
        acknowledged: [0, 2, 3],
        refused: [{ index: 1, reason: expect.any(String) }],
      });
      expect(bodies()).toEqual(['good', 'better']);
      expect(bodies('other')).toEqual(['other']);
    });

    it('neither acknowledges nor refuses what it cannot send', async () => {
      under.cutOff();
      const report = await under.sink.publish([message('one'), message('two', 'other')]);
      expect(report).toEqual({ acknowledged: [], refused: [], unreachable: expect.stringMatching(/\w/) });
      expect(under.received()).toEqual([]);
    });

    it('finds by probing that the hub cannot be reached', async () => {
      under.cutOff();
      const probe = under.sink.probe();
      await expect(probe).rejects.toBeInstanceOf(PortUnavailable);
      await expect(probe).rejects.toMatchObject({ port: 'hub', message: expect.stringMatching(/\w/) });
    });

    it('publishes again once the hub can be reached again', async () => {
      under.cutOff();
      await under.sink.publish([message('one')]);
      under.restore();
      await under.sink.probe();
      await expect(under.sink.publish([message('one')])).resolves.toEqual({ acknowledged: [0], refused: [] });
      expect(bodies()).toEqual(['one']);
    });

    it('loses no message with a lost acknowledgement', async () => {
      under.loseNextAcknowledgement();
      const first = await under.sink.publish([message('one')]);
      if (first.unreachable !== undefined) await under.sink.publish([message('one')]);
      expect(bodies()).toEqual(['one', 'one']);
    });

    it('closes, also twice and while the hub cannot be reached', async () => {
      await under.sink.publish([message('one')]);
      under.cutOff();
      await expect(under.sink.close()).resolves.toBeUndefined();
      await expect(under.sink.close()).resolves.toBeUndefined();
    });
  });
}
