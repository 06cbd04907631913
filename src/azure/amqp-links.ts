import { Receiver } from 'rhea-promise';

/**
 * Lets a link of the AMQP client give an empty address once it is no longer attached. The client asks for the address when a request's time is up
 * or its signal is aborted, only to name it in the error. If the connection broke meanwhile and was opened again, the getter throws there, where
 * nobody can catch it, and Node ends the process. Source: https://github.com/Azure/azure-sdk-for-js/issues/20569
 */
export function letLinksLoseTheirAddress(): void {
  Object.defineProperty(Object.getPrototypeOf(Receiver.prototype), 'address', {
    configurable: true,
    get(this: Pick<Receiver, 'source'>) {
      const source = this.source as Receiver['source'] | undefined;
      return source?.address ?? '';
    },
  });
}
