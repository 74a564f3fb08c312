/** How far away an endpoint is, and most bytes that it gives, and takes, in a second. */
export interface Limits {
  /** Bytes a second over all connections, in each direction. */
  readonly total: number;
  /** Bytes a second on one connection. */
  readonly perConnection: number;
  /** Milliseconds until an answer can be there. */
  readonly roundTrip: number;
}

/** Counts bytes that go over one connection; the answer is how long to wait before the next ones, milliseconds. */
export type Meter = (bytes: number) => number;

/** What a timer that fires late may catch up on, milliseconds: otherwise the limit would be lower than it says. */
const CREDIT = 20;
/** Shorter waits are not worth a timer: they add up until one is. */
const MIN_WAIT = 2;

/** A token bucket kept as the moment at which it is full again. */
function bucket(bytesPerSecond: number): Meter {
  let free = 0;
  return (bytes) => {
    const now = performance.now();
    free = Math.max(free, now - CREDIT) + (bytes / bytesPerSecond) * 1000;
    return free - now;
  };
}

const unlimited: Meter = () => 0;

/** Meters for one direction of an endpoint: what is asked for again by the same connection is the same meter. */
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

/** A connection is opened in two round trips: TCP's, and that of TLS 1.3. */
const HANDSHAKES = 2;

/** What a request on a connection waits for before it is heard, milliseconds: the first one also for the connection. */
export function distance({ roundTrip }: Pick<Limits, 'roundTrip'>): (connection: object) => number {
  const open = new WeakSet();
  return (connection) => {
    const trips = open.has(connection) ? 1 : 1 + HANDSHAKES;
    open.add(connection);
    return trips * roundTrip;
  };
}
