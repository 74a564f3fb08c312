/** Writes. Bytes are counted and discarded. */
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { answer, header, refuse, type Call } from './call.ts';
import type { Meter } from './pace.ts';
import { CannotRead, openSource } from './pull.ts';

/** Reads a stream to its end at the rate of the line. Resolves to its length in bytes. */
function swallow(stream: Readable, meter: Meter, moved: Call['moved']): Promise<number> {
  let length = 0;
  stream.on('data', (chunk: Buffer) => {
    length += chunk.length;
    moved.taken += chunk.length;
    const wait = meter(chunk.length);
    if (wait === 0) return;
    stream.pause();
    setTimeout(() => stream.resume(), wait);
  });
  return new Promise((resolve, reject) => {
    stream.once('error', reject).once('end', () => {
      resolve(length);
    });
  });
}

/** Reads the bytes of a write, from the body or from a URL. */
async function take(call: Call): Promise<number> {
  const from = header(call, 'x-ms-copy-source');
  if (from === '') return swallow(call.request, call.takes(call.request.socket), call.moved);
  call.request.resume();
  const source = await openSource(call, from);
  return swallow(source, call.takes(source.socket), call.moved);
}

const metadataOf = ({ request }: Call): Record<string, string> =>
  Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) =>
      name.startsWith('x-ms-meta-') ? [[name, String(value)] as const] : [],
    ),
  );

/** Checks the conditions of a write. Refuses it if they fail. */
function mayWrite(call: Call): boolean {
  const there = call.store.container(call.container).get(call.blob);
  if (header(call, 'if-none-match') === '*' && there !== undefined) {
    refuse(call, 409, 'BlobAlreadyExists');
    return false;
  }
  const wanted = header(call, 'if-match');
  if (wanted !== '' && wanted !== there?.etag) {
    refuse(call, 412, 'ConditionNotMet');
    return false;
  }
  return true;
}

function keep(call: Call, size: number, md5: string): void {
  const { store, container, blob } = call;
  const etag = store.newEtag();
  const contentType = header(call, 'x-ms-blob-content-type') || 'application/octet-stream';
  store.container(container).set(blob, { size, md5: md5 || null, etag, contentType, metadata: metadataOf(call) });
  store.forget(container, blob);
  answer(call, 201, { etag, 'x-ms-request-server-encrypted': 'true' });
}

/** Put Block, Put Block From URL. */
async function putBlock(call: Call): Promise<void> {
  const size = await take(call);
  call.store.staged(call.container, call.blob).set(call.query.get('blockid') ?? '', size);
  const md5 = header(call, 'content-md5') || header(call, 'x-ms-source-content-md5');
  answer(call, 201, { 'x-ms-request-server-encrypted': 'true', ...(md5 === '' ? {} : { 'content-md5': md5 }) });
}

/** Put Block List. */
async function putBlockList(call: Call): Promise<void> {
  const ids = [...(await text(call.request)).matchAll(/<(?:Latest|Uncommitted)>([^<]*)/g)].map(([, id = '']) => id);
  const staged = call.store.staged(call.container, call.blob);
  const sizes = ids.map((id) => staged.get(id));
  if (sizes.includes(undefined)) {
    refuse(call, 400, 'InvalidBlockList');
    return;
  }
  if (!mayWrite(call)) return;
  keep(
    call,
    sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0),
    header(call, 'x-ms-blob-content-md5'),
  );
}

/** Put Blob, Put Blob From URL. */
async function putBlob(call: Call): Promise<void> {
  const size = await take(call);
  const md5 =
    header(call, 'x-ms-blob-content-md5') || header(call, 'content-md5') || header(call, 'x-ms-source-content-md5');
  if (mayWrite(call)) keep(call, size, md5);
}

const WRITES: Readonly<Record<string, (call: Call) => Promise<void>>> = {
  '': putBlob,
  block: putBlock,
  blocklist: putBlockList,
};

/** Any PUT. Creating a container, and other settings, need no action. */
export async function write(call: Call): Promise<void> {
  const put = WRITES[call.query.get('comp') ?? ''];
  if (call.blob === '' || put === undefined) {
    answer(call, call.blob === '' ? 201 : 200, {});
    return;
  }
  try {
    await put(call);
  } catch (error) {
    if (error instanceof CannotRead) refuse(call, 403, 'CannotVerifyCopySource');
    else call.response.destroy();
  }
}
