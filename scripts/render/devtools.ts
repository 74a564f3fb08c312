/** The DevTools protocol of a Chromium, as far as pictures need it (https://chromedevtools.github.io/devtools-protocol/). */

/** What Chromium answers, or tells. */
interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A line to Chromium. */
export interface DevTools {
  readonly call: (
    method: string,
    params?: Record<string, unknown>,
    sessionId?: string,
  ) => Promise<Record<string, unknown>>;
  /** Hears everything that Chromium tells by itself. */
  readonly listen: (hear: (method: string, params: Record<string, unknown>) => void) => void;
  readonly close: () => void;
}

/** Opens the line; `url` is what Chromium says it listens on. */
export async function openDevTools(url: string): Promise<DevTools> {
  const socket = new WebSocket(url);
  const waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  const listeners: ((method: string, params: Record<string, unknown>) => void)[] = [];
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const { id, method, params = {}, result = {}, error } = JSON.parse(String(data)) as Message;
    if (method !== undefined) for (const hear of listeners) hear(method, params);
    if (id === undefined) return;
    if (error === undefined) waiting.get(id)?.resolve(result);
    else waiting.get(id)?.reject(new Error(error.message));
    waiting.delete(id);
  });
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve, { once: true });
    socket.addEventListener('error', reject, { once: true });
  });
  return {
    call: (method, params = {}, sessionId) => {
      const id = (last += 1);
      const answer = Promise.withResolvers<Record<string, unknown>>();
      waiting.set(id, answer);
      socket.send(JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }));
      return answer.promise;
    },
    listen: (hear) => listeners.push(hear),
    close: () => {
      socket.close();
    },
  };
}
