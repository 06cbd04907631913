import { createEventHubSink } from '../../src/azure/event-hub';
import { startEventHub } from '../../src/local/event-hub-server';
import { createFakeSink } from '../support/fake-sink';
import { shortTiming } from '../support/short-timing';
import { describeIncidentSink } from './incident-sink.contract';

describeIncidentSink('the Event Hub', async () => {
  const hub = await startEventHub();
  const sink = createEventHubSink({ connectionString: hub.connectionString, eventHubName: 'incidents', timing: shortTiming });
  let restore = (): void => undefined;
  return {
    sink,
    received: () => hub.events(),
    cutOff() {
      const fault = hub.faults.set({ at: 'attach', condition: 'com.microsoft:server-busy' });
      restore = () => fault.remove();
    },
    restore: () => restore(),
    refuse(when) {
      hub.faults.set({ at: 'send', answer: 'reject', condition: 'com.microsoft:argument-error' }, { onlyFor: when });
    },
    loseNextAcknowledgement() {
      hub.faults.set({ at: 'send', answer: 'reset', stored: true }, { times: 1 });
    },
    async end() {
      await sink.close();
      await hub.close();
    },
  };
});

it('marks every event in the Event Hub as JSON', async () => {
  const hub = await startEventHub();
  const sink = createEventHubSink({ connectionString: hub.connectionString, eventHubName: 'incidents', timing: shortTiming });
  await sink.publish(['a', 'b'].map((partitionKey) => ({ partitionKey, body: Buffer.from('{}') })));
  expect(hub.events().map(({ contentType }) => contentType)).toEqual(['application/json', 'application/json']);
  await sink.close();
  await hub.close();
});

describeIncidentSink('the fake', async () => {
  const sink = createFakeSink();
  return {
    sink,
    received: () => sink.received,
    cutOff: () => sink.cutOff(),
    restore: () => sink.restore(),
    refuse: (when) => sink.refuse(when),
    loseNextAcknowledgement: () => sink.loseNextAcknowledgement(),
    end: () => sink.close(),
  };
});
