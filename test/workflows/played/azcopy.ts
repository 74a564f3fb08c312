/** Emulates `azcopy copy SOURCE TARGET` for one blob: content, MD5, type and metadata. */
const [command, source = '', target = ''] = process.argv.slice(2);
if (command !== 'copy') throw new Error(`this azcopy is played, and does not know: ${command ?? ''}`);

const version = { 'x-ms-version': '2023-11-03' };

async function ok(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response;
}

const blob = await ok(fetch(source, { headers: version }));
const metadata = [...blob.headers].filter(([name]) => name.startsWith('x-ms-meta-'));
await ok(
  fetch(target, {
    method: 'PUT',
    headers: {
      ...version,
      'x-ms-blob-type': 'BlockBlob',
      'x-ms-blob-content-type': blob.headers.get('content-type') ?? '',
      'x-ms-blob-content-md5': blob.headers.get('content-md5') ?? '',
      ...Object.fromEntries(metadata),
    },
    body: await blob.arrayBuffer(),
  }),
);
