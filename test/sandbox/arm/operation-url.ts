import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Signs and checks the URLs of operation statuses. */
export interface OperationUrls {
  readonly make: (path: string, apiVersion: string) => string;
  readonly holds: (url: URL) => boolean;
}

/** The ticks of .NET, which the service puts into `t` (recorded): 100 ns since the year 1. */
const ticks = (): string => String(BigInt(Date.now()) * 10_000n + 621_355_968_000_000_000n);

/**
 * The service adds `&t=&c=&s=&h=` (time, certificate, signature, hash) to these URLs, so they are only valid unchanged: not
 * rebuilt, not normalized, not with another api-version. Here, `s` is an HMAC over the path and the other parameters, in their
 * order.
 * @param origin of ARM
 */
export function operationUrls(origin: string): OperationUrls {
  const secret = randomBytes(32);
  const certificate = randomBytes(24).toString('base64url');
  const sign = (text: string): Buffer => createHmac('sha256', secret).update(text).digest();
  return {
    make: (path, apiVersion) => {
      const unsigned = `${path}?api-version=${apiVersion}&t=${ticks()}&c=${certificate}`;
      const signature = sign(unsigned);
      return `${origin}${unsigned}&s=${signature.toString('base64url')}&h=${signature.subarray(0, 8).toString('base64url')}`;
    },
    holds: (url) => {
      const [, unsigned = '', sent = ''] = /^(.*)&s=([^&]*)&h=[^&]*$/.exec(`${url.pathname}${url.search}`) ?? [];
      const [given, expected] = [Buffer.from(sent, 'base64url'), sign(unsigned)];
      return given.length === expected.length && timingSafeEqual(given, expected);
    },
  };
}
