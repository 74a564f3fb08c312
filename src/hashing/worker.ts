/** Worker thread that hashes. It keeps no state between requests, so any thread can continue any blob. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { createPairedMd5 } from './paired-md5.ts';
import { chainOf, type HashRequest, type HashResponse, type HashResult } from './protocol.ts';

const paired = createPairedMd5();

function compute(request: HashRequest): HashResult {
  const { buffer, offset, length } = request.bytes;
  const bytes = new Uint8Array(buffer, offset, length);
  switch (request.kind) {
    case 'md5': {
      const md5 = createHash('md5').update(bytes).digest();
      return { md5, whole: md5 };
    }
    case 'link': {
      const { md5, chain } = paired.link(bytes, chainOf(request));
      return { md5, whole: chain.state };
    }
    case 'finish':
      return paired.finish(bytes, chainOf(request));
  }
}

function respond(request: HashRequest): HashResponse {
  try {
    return { id: request.id, ok: true, result: compute(request) };
  } catch (error) {
    return { id: request.id, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (request: HashRequest) => {
  parentPort?.postMessage(respond(request));
});
