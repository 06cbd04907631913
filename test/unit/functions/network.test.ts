import { evaluates } from '../../support/expression-table';

describe('functions of IPv4 addresses', () => {
  evaluates([
    ["ipv4_is_match('127.0.0.1', '127.0.0.1')", 'true'],
    ["ipv4_is_match('192.168.1.1', '192.168.1.255')", 'false'],
    ["ipv4_is_match('192.168.1.1/24', '192.168.1.255/24')", 'true'],
    ["ipv4_is_match('192.168.1.1', '192.168.1.255', 24)", 'true'],
    ["ipv4_is_match('192.168.1.1/24', '192.168.2.255', 32)", 'false'],
    ["ipv4_is_match('192.168.1.1', 'x')", null],
    ["ipv4_is_match('192.168.1.1', '192.168.1.1', 33)", null],
    ["ipv4_compare('127.0.0.1', '127.0.0.1')", '0'],
    ["ipv4_compare('192.168.1.1', '192.168.1.255')", '-1'],
    ["ipv4_compare('192.168.1.255', '192.168.1.1')", '1'],
    ["ipv4_compare('192.168.1.1/24', '192.168.1.255/24')", '0'],
    ["ipv4_compare('1.2.3', '1.2.3.4')", null],
    ["ipv4_compare('1.2.3.256', '1.2.3.4')", null],
    ["ipv4_compare('1.2.3.4/33', '1.2.3.4')", null],
  ]);
});
