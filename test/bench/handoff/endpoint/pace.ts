/** Round-trip time and rates of an endpoint. */
export interface Limits {
  /** Bytes per second over all connections, in each direction. */
  readonly total: number;
  /** Bytes per second on one connection. */
  readonly perConnection: number;
  /** Milliseconds until a response can arrive. */
  readonly roundTrip: number;
}

/** Counts the bytes of one connection. Returns the wait before the next bytes, milliseconds. */
export type Meter = (bytes: number) => number;

/** Delay of a late timer that is compensated, milliseconds. Otherwise, the actual limit would be lower. */
const CREDIT = 20;
/** Shorter waits add up until a timer is useful. */
const MIN_WAIT = 2;

/** A token bucket, stored as the time at which it is full again. */
function bucket(bytesPerSecond: number): Meter {
  let free = 0;
  return (bytes) => {
    const now = performance.now();
    free = Math.max(free, now - CREDIT) + (bytes / bytesPerSecond) * 1000;
    return free - now;
  };
}

const unlimited: Meter = () => 0;

/** Meters for one direction of an endpoint. Each connection has one. */
export function meters(limits: Limits | null): (connection: object) => Meter {
  if (limits === null) return () => unlimited;
  const total = bucket(limits.total);
  const known = new WeakMap<object, Meter>();
  return (connection) => {
    const own = known.get(connection) ?? bucket(limits.perConnection);
    known.set(connection, own);
    return (bytes) => {
      const wait = Math.max(total(bytes), own(bytes));
      return wait < MIN_WAIT ? 0 : wait;
    };
  };
}

/** Opening a connection takes two round trips: that of TCP and that of TLS 1.3. */
const HANDSHAKES = 2;

/** Delay before a request is handled, milliseconds. The first request also waits for the connection. */
export function distance({ roundTrip }: Pick<Limits, 'roundTrip'>): (connection: object) => number {
  const open = new WeakSet();
  return (connection) => {
    const trips = open.has(connection) ? 1 : 1 + HANDSHAKES;
    open.add(connection);
    return trips * roundTrip;
  };
}
