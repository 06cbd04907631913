import type { IncidentSink, OutgoingMessage, PublishReport } from './ports';
import { describeUnexpected } from './unexpected';

/** The sink for the length of one cycle. Once it could not be reached it is not tried again: the next cycle does. */
export class Hub {
  private readonly sink: IncidentSink;
  private why: string | undefined;

  constructor(sink: IncidentSink) {
    this.sink = sink;
  }

  /** Why the hub could not be reached, one sentence; undefined as long as it could. */
  get unreachable(): string | undefined {
    return this.why;
  }

  async probe(): Promise<void> {
    await this.observe(() => this.sink.probe());
  }

  /** As the sink's; where the hub is or turns out to be unreachable, what was acknowledged until then. */
  async publish(messages: readonly OutgoingMessage[]): Promise<PublishReport> {
    if (this.why !== undefined) return nothing(this.why);
    const report = (await this.observe(() => this.sink.publish(messages))) ?? nothing(this.why);
    this.why ??= report.unreachable;
    return report;
  }

  private async observe<T>(operation: () => Promise<T>): Promise<T | undefined> {
    try {
      return await operation();
    } catch (error) {
      this.why ??= describeUnexpected(error);
      return undefined;
    }
  }
}

function nothing(unreachable: string | undefined): PublishReport {
  return { acknowledged: [], refused: [], ...(unreachable === undefined ? {} : { unreachable }) };
}
