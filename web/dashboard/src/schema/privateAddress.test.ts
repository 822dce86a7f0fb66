import { expect, test } from 'vitest';
import { privateAddressOf } from './privateAddress';

const rest = 'or set TRUST_LAN=true to allow all private addresses';

test.each([
  [`127.0.0.1 is a private address: add it to ALLOWED_UPSTREAMS, ${rest}`, '127.0.0.1', 'ALLOWED_UPSTREAMS'],
  [
    `nas.lan (192.168.1.5) is a private address: add it to ALLOWED_FETCH_HOSTS, ${rest}`,
    'nas.lan',
    'ALLOWED_FETCH_HOSTS',
  ],
  [`url: [::1] is a private address: add it to ALLOWED_UPSTREAMS, ${rest}`, '[::1]', 'ALLOWED_UPSTREAMS'],
  [
    '127.0.0.1, port 9998, is this server itself, which jobs may not call: add 127.0.0.1:9998 to ALLOWED_UPSTREAMS to allow it',
    '127.0.0.1:9998',
    'ALLOWED_UPSTREAMS',
  ],
])('%s', (message, address, setting) => {
  expect(privateAddressOf(message)).toEqual({ address, setting });
});

test.each(['must be an http or https address', '169.254.169.254 is link-local and is never called'])('%s', message => {
  expect(privateAddressOf(message)).toBeUndefined();
});
