import { evaluates, refused } from '../../support/expression-table';

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
    ["parse_ipv4('192.168.1.1')", '3232235777'],
    ["parse_ipv4('192.168.1.1/24')", '3232235776'],
    ["parse_ipv4('255.255.255.255/31')", '4294967294'],
    ["parse_ipv4('1.2.3')", null],
    ["parse_ipv4_mask('127.0.0.1', 24)", '2130706432'],
    ["parse_ipv4_mask('127.0.0.1/8', 24)", '2130706432'],
    ["parse_ipv4_mask('127.0.0.1', -1)", null],
    ["parse_ipv4_mask('127.0.0.1', 33)", null],
    ["ipv4_netmask_suffix('10.1.2.3')", '32'],
    ["ipv4_netmask_suffix('192.168.1.1/24')", '24'],
    ["ipv4_netmask_suffix('10.1.2')", null],
    ["ipv4_is_in_any_range('192.168.1.6', '192.168.1.1/24', '10.0.0.1/8')", 'true'],
    ["ipv4_is_in_any_range('11.0.0.1', '192.168.1.1/24', '10.0.0.1/8')", 'false'],
    ["ipv4_is_in_any_range('127.0.0.1', dynamic(['127.0.0.1', '192.168.1.1']))", 'true'],
    ["ipv4_is_in_any_range('x', '10.0.0.0/8')", null],
  ]);
  refused([
    "ipv4_is_in_any_range('10.0.0.1', '10.0.0.0/8', s)",
    "ipv4_is_in_any_range('10.0.0.1', '10.0.0.0/33')",
    "ipv4_is_in_any_range('10.0.0.1', dynamic([]))",
    "ipv4_is_in_any_range('10.0.0.1', a)",
  ]);
});
