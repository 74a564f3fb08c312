/**
 * Runs in a step before the action: its clock runs faster, and hosts below `.invalid` have no address. Time limits of single
 * requests don't change.
 */
const FACTOR = 300;

const dns = process.getBuiltinModule('node:dns');
const timers = process.getBuiltinModule('node:timers/promises');
const { now } = Date;
const { lookup } = dns;
const { setTimeout: wait } = timers;
const start = now();

Date.now = () => start + (now() - start) * FACTOR;

Object.assign(timers, {
  setTimeout: (milliseconds: number, ...rest: [unknown, object]) => wait(milliseconds / FACTOR, ...rest),
});

Object.assign(dns, {
  lookup: (host: string, options: object, done: (error: Error | null) => void) => {
    if (!host.endsWith('.invalid')) {
      lookup(host, options, done);
      return;
    }
    done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND', hostname: host }));
  },
});
