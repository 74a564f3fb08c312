/** A thread that hashes. It keeps nothing from one order to the next, so any thread can go on with any blob. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import { createPairedMd5 } from './paired-md5.ts';
import { chainOf, type HashRequest, type HashResponse, type HashResult } from './protocol.ts';

const paired = createPairedMd5();

function compute(order: HashRequest): HashResult {
  const { buffer, offset, length } = order.bytes;
  const bytes = new Uint8Array(buffer, offset, length);
  switch (order.kind) {
    case 'md5': {
      const md5 = createHash('md5').update(bytes).digest();
      return { md5, whole: md5 };
    }
    case 'link': {
      const { md5, chain } = paired.link(bytes, chainOf(order));
      return { md5, whole: chain.state };
    }
    case 'finish':
      return paired.finish(bytes, chainOf(order));
  }
}

function answer(order: HashRequest): HashResponse {
  try {
    return { id: order.id, ok: true, result: compute(order) };
  } catch (error) {
    return { id: order.id, ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}

parentPort?.on('message', (order: HashRequest) => {
  parentPort?.postMessage(answer(order));
});
