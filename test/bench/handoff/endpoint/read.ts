/** Reads: properties, bytes, lists. */
import { answer, answerXml, begin, header, refuse, type Call } from './call.ts';
import type { KeptBlob } from './store.ts';

/** Bytes of one write. Large, because each write costs time, and small enough that connections share a limited line. */
const WRITE_BYTES = 256 * 1024;

const propertiesOf = ({ etag, contentType, metadata }: KeptBlob): Record<string, string> => ({
  etag,
  'content-type': contentType,
  'accept-ranges': 'bytes',
  'x-ms-blob-type': 'BlockBlob',
  'x-ms-creation-time': 'Mon, 23 Nov 2026 07:00:00 GMT',
  'x-ms-lease-status': 'unlocked',
  'x-ms-lease-state': 'available',
  'x-ms-server-encrypted': 'true',
  'x-ms-access-tier': 'Hot',
  'x-ms-access-tier-inferred': 'true',
  ...metadata,
});

const given = (name: string, value: string | null): Record<string, string> => (value === null ? {} : { [name]: value });

interface Range {
  readonly offset: number;
  readonly length: number;
}

/** The requested range; null for the whole blob. */
function rangeOf(call: Call, size: number): Range | null {
  const text = header(call, 'x-ms-range') || header(call, 'range');
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d*)$/.exec(text) ?? [];
  if (first === '') return null;
  const offset = Number(first);
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  return { offset, length: Math.max(0, end - offset) };
}

/** Sends bytes as fast as the line and the client allow. */
function send(call: Call, { offset, length }: Range): void {
  const { response, content, moved } = call;
  const meter = call.gives(call.request.socket);
  let done = 0;
  const more = (): void => {
    while (done < length && !response.destroyed) {
      const part = content.slice(offset + done, Math.min(WRITE_BYTES, length - done));
      done += part.length;
      moved.given += part.length;
      const wait = meter(part.length);
      const room = response.write(part);
      if (wait > 0) return void setTimeout(more, wait);
      if (!room) return void response.once('drain', more);
    }
    response.end();
  };
  more();
}

function sendRange(call: Call, blob: KeptBlob, range: Range): void {
  const { offset, length } = range;
  const asked = header(call, 'x-ms-range-get-content-md5').toLowerCase() === 'true';
  begin(call, 206, {
    ...propertiesOf(blob),
    'content-length': length,
    'content-range': `bytes ${offset}-${offset + length - 1}/${blob.size}`,
    ...given('x-ms-blob-content-md5', blob.md5),
    ...given('content-md5', asked ? call.content.md5(offset, length) : null),
  });
  send(call, range);
}

/** Whether the blob still has the ETag of the caller. */
const fits = (call: Call, { etag }: KeptBlob): boolean => {
  const wanted = header(call, 'if-match');
  return wanted === '' || wanted === '*' || wanted === etag;
};

/** Get Blob, Get Blob Properties. */
export function readBlob(call: Call): void {
  const blob = call.store.container(call.container).get(call.blob);
  if (blob === undefined) {
    refuse(call, 404, 'BlobNotFound');
    return;
  }
  if (!fits(call, blob)) {
    refuse(call, 412, 'ConditionNotMet');
    return;
  }
  const whole = { ...propertiesOf(blob), 'content-length': blob.size, ...given('content-md5', blob.md5) };
  if (call.request.method === 'HEAD') {
    answer(call, 200, whole);
    return;
  }
  const range = rangeOf(call, blob.size);
  if (range !== null && blob.size > 0) {
    sendRange(call, blob, range);
    return;
  }
  begin(call, 200, whole);
  send(call, { offset: 0, length: blob.size });
}

const listed = ([name, { size, md5, etag, contentType }]: readonly [string, KeptBlob]): string =>
  `<Blob><Name>${name}</Name><Properties><Creation-Time>Mon, 23 Nov 2026 07:00:00 GMT</Creation-Time>` +
  `<Last-Modified>Mon, 23 Nov 2026 07:00:00 GMT</Last-Modified><Etag>${etag.replaceAll('"', '')}</Etag>` +
  `<Content-Length>${size}</Content-Length><Content-Type>${contentType}</Content-Type><Content-MD5>${md5 ?? ''}</Content-MD5>` +
  `<BlobType>BlockBlob</BlobType><LeaseStatus>unlocked</LeaseStatus><LeaseState>available</LeaseState>` +
  `<AccessTier>Hot</AccessTier><ServerEncrypted>true</ServerEncrypted></Properties></Blob>`;

/** List Blobs, in one page. Names here have no slashes and need no escapes. */
export function listBlobs(call: Call): void {
  const prefix = call.query.get('prefix') ?? '';
  const blobs = [...call.store.container(call.container)].filter(([name]) => name.startsWith(prefix));
  const origin = `https://${header(call, 'host')}/`;
  const body = `<Prefix>${prefix}</Prefix><Blobs>${blobs.map(listed).join('')}</Blobs><NextMarker />`;
  answerXml(
    call,
    200,
    `<EnumerationResults ServiceEndpoint="${origin}" ContainerName="${call.container}">${body}</EnumerationResults>`,
  );
}

/** Get Block List, of uncommitted blocks only, which a client resumes from. */
export function listBlocks(call: Call): void {
  const blocks = [...call.store.staged(call.container, call.blob)];
  if (blocks.length === 0 && !call.store.container(call.container).has(call.blob)) {
    refuse(call, 404, 'BlobNotFound');
    return;
  }
  const listed = blocks.map(([id, size]) => `<Block><Name>${id}</Name><Size>${size}</Size></Block>`).join('');
  answerXml(call, 200, `<BlockList><CommittedBlocks /><UncommittedBlocks>${listed}</UncommittedBlocks></BlockList>`);
}
