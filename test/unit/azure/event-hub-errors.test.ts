import { TimeIsUp } from '../../../src/deadline';
import { adviseOn, describeError, isAnswer, isRefusal, mayPass } from '../../../src/azure/event-hub-errors';

/** As the client's errors are. */
function messagingError(code: string, message = '', retryable = false): Error {
  return Object.assign(new Error(message), { name: 'MessagingError', code, retryable });
}

/** As the client wraps the errors of its tries: without a message. */
const triesOf = (...errors: readonly unknown[]): AggregateError => new AggregateError(errors);

describe('the errors of the Event Hubs client', () => {
  it.each(['MessageTooLargeError', 'ArgumentError', 'ArgumentOutOfRangeError', 'DecodeError', 'InvalidFieldError'])(
    'blame the events with %s',
    (code) => {
      expect(isRefusal(messagingError(code))).toBe(true);
      expect(isRefusal(triesOf(messagingError('ServerBusyError', '', true), triesOf(messagingError(code))))).toBe(true);
    },
  );

  it.each([
    'ServerBusyError',
    'UnauthorizedError',
    'MessagingEntityNotFoundError',
    'MessagingEntityDisabledError',
    'QuotaExceededError',
    'OperationTimeoutError',
    'SendOperationFailedError',
    'ECONNREFUSED',
  ])('do not blame the events with %s', (code) => {
    expect(isRefusal(messagingError(code))).toBe(false);
  });

  it('count by the last of nested ones', () => {
    const nested = triesOf(triesOf(messagingError('MessageTooLargeError')), triesOf(messagingError('ServerBusyError', 'busy', true)));
    expect(isRefusal(nested)).toBe(false);
    expect(isAnswer(nested)).toBe(true);
    expect(mayPass(nested)).toBe(true);
    expect(describeError(nested)).toBe('ServerBusyError: busy');
  });

  it('leave the connection sound only where the hub answered', () => {
    expect(isAnswer(messagingError('ServerBusyError'))).toBe(true);
    expect(isAnswer(messagingError('MessageTooLargeError'))).toBe(true);
    expect(isAnswer(messagingError('OperationTimeoutError', '', true))).toBe(false);
    expect(isAnswer(new Error('The underlying AMQP connection is closed.'))).toBe(false);
  });

  it('pass only where the client says so', () => {
    expect(mayPass(messagingError('ServerBusyError', '', true))).toBe(true);
    expect(mayPass(messagingError('MessagingEntityNotFoundError'))).toBe(false);
    expect(mayPass(new TypeError('no'))).toBe(false);
    expect(mayPass(undefined)).toBe(false);
  });

  it.each<[unknown, string]>([
    [messagingError('ServerBusyError'), 'ServerBusyError'],
    [messagingError('', 'odd'), 'MessagingError: odd'],
    [new RangeError('out of range.'), 'RangeError: out of range'],
    [new Error('first line\nsecond line'), 'first line'],
    [new TimeIsUp('no answer within 5 ms'), 'no answer within 5 ms'],
    [new AggregateError([]), 'AggregateError'],
    ['a word', 'a word'],
    [new Error('x'.repeat(1_000)), 'x'.repeat(300)],
  ])('are described in one clause: %#', (error, words) => {
    expect(describeError(error)).toBe(words);
  });

  it.each<[string, string]>([
    ['SharedAccessKey=abc/def+g=;EntityPath=x', 'SharedAccessKey=***;EntityPath=x'],
    ['SharedAccessSignature sr=x&sig=abc%3d&se=1', 'SharedAccessSignature ***&sig=***&se=1'],
    ['Bearer eyJ0eXAi.eyJhdWQi.c2ln-_', 'Bearer ***'],
  ])('are described without the secret of %s', (text, words) => {
    expect(describeError(new Error(text))).toBe(words);
  });

  it.each<[string, RegExp]>([
    ['UnauthorizedError', /role Azure Event Hubs Data Sender/],
    ['PublisherRevokedError', /role Azure Event Hubs Data Sender/],
    ['MessagingEntityNotFoundError', /name of the hub/],
    ['ServiceCommunicationError', /name of the hub/],
    ['MessagingEntityDisabledError', /hub is active/],
    ['ServerBusyError', /throughput units/],
    ['QuotaExceededError', /throughput units/],
    ['CredentialUnavailableError', /identity/],
    ['AuthenticationError', /identity/],
    ['AuthenticationRequiredError', /identity/],
    ['ECONNREFUSED', /namespace.*port 5671/],
    ['constructor', /namespace.*port 5671/],
  ])('come with what to check: %s', (code, words) => {
    expect(adviseOn(triesOf(messagingError(code)))).toMatch(words);
  });
});
