import { readEndpoint } from '../../../src/azure/log-analytics/endpoint';

it.each([
  ['https://api.loganalytics.io', 'https://api.loganalytics.io'],
  ['https://api.loganalytics.io/', 'https://api.loganalytics.io'],
  ['https://api.loganalytics.azure.com', 'https://api.loganalytics.io'],
  ['https://api.loganalytics.azure.cn', 'https://api.loganalytics.azure.cn'],
  ['https://api.loganalytics.us', 'https://api.loganalytics.us'],
])('a token for %s is one for %s', (endpoint, audience) => {
  expect(readEndpoint(endpoint)).toEqual({ url: `${endpoint.replace(/\/$/, '')}/v1`, scope: `${audience}/.default` });
});

it('takes another audience where one is given', () => {
  expect(readEndpoint('https://logs.example.com', 'https://api.loganalytics.io')).toMatchObject({
    scope: 'https://api.loganalytics.io/.default',
  });
});

it.each(['http://127.0.0.1:8080', 'http://127.9.9.9', 'http://localhost:1', 'http://[::1]:8080'])(
  '%s is loopback: no token',
  (endpoint) => {
    expect(readEndpoint(endpoint)).toEqual({ url: `${endpoint}/v1`, scope: undefined });
  },
);

it.each([
  'http://api.loganalytics.io',
  'http://127.0.0.1.example.com',
  'http://localhost.example.com',
  'http://10.0.0.1',
  'http://0.0.0.0',
])('%s is refused, for its http', (endpoint) => {
  expect(() => readEndpoint(endpoint)).toThrow(/loopback only; write https:/);
});

it.each([
  '',
  'api.loganalytics.io',
  'https://api.loganalytics.io/v1',
  'https://user@api.loganalytics.io',
  'https://h?x=1',
  'https://h#x',
  'ftp://127.0.0.1',
])("'%s' is refused, for it is no origin", (endpoint) => {
  expect(() => readEndpoint(endpoint)).toThrow(/not an origin/);
});
